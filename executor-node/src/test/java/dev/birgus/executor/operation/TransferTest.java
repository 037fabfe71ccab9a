package dev.birgus.executor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.run.BusyboxRoot;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.TransferSource;
import dev.birgus.infra.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of COPY and ADD, on real files. */
class TransferTest {

  private static final FileOrigin CONTEXT = new FileOrigin.Context(new ContextRef("c"));
  private static final FileOrigin STAGE =
      new FileOrigin.FromStage(new StageId(Digest.sha256(new byte[0])));
  private static final long NOW = 1_700_000_000_000_000_000L;

  @TempDir Path folder = Path.of("");
  private Path source = Path.of("");
  private Path target = Path.of("");
  private FileSystem files;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Operations operations =
      new Operations((_, _) -> {
        throw new AssertionError("nothing is run");
      });

  @SuppressWarnings("NullAway.Init")
  TransferTest() {}

  @BeforeEach
  void makeFiles() throws Exception {
    BusyboxRoot.assume();
    source = Files.createDirectories(folder.resolve("source"));
    target = BusyboxRoot.make(folder.resolve("target"));
    files = LinuxFileSystem.open(target);
    write("a/b/c/one.txt", "1");
    write("a/b/c/two.md", "2");
    write("a/b2/c/three.txt", "3");
    write("top.txt", "top");
    shell("chmod 0700 a a/b && chmod 0750 a/b/c && chmod 0711 a/b/c/two.md");
  }

  @AfterEach
  void close() throws IOException {
    if (files != null) {
      files.close();
    }
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(source.resolve(path).getParent());
    Files.writeString(source.resolve(path), text);
  }

  private void shell(String script) throws Exception {
    var process =
        new ProcessBuilder("sh", "-ec", script).directory(source.toFile()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  private static TransferBuilder to(String destination) {
    return new TransferBuilder(CONTEXT, destination);
  }

  private static TransferBuilder ofStage(String destination) {
    return new TransferBuilder(STAGE, destination);
  }

  private void copy(TransferBuilder builder) throws IOException, InterruptedException {
    copy(builder.build());
  }

  private void copy(FileTransfer transfer) throws IOException, InterruptedException {
    var root =
        new StepRoot(
            files, new FolderSources(source), NOW, (_, bytes) -> printed.writeBytes(bytes));
    operations.run(new Operation.Copy(transfer), root);
  }

  private int mode(String path) throws IOException {
    return status(path).mode();
  }

  private FileStatus status(String path) throws IOException {
    return files.status(path).orElseThrow();
  }

  @Test
  void symbolsChangeEachModeByItself() throws Exception {
    copy(to("/x").files("a/b").mode("go=rX"));

    assertThat(mode("/x/c")).isEqualTo(0755);
    assertThat(mode("/x/c/one.txt")).isEqualTo(0644);
    assertThat(mode("/x/c/two.md")).isEqualTo(0755);
  }

  @Test
  void whatIsExcludedIsNotCopied() throws Exception {
    copy(to("/x").files("").without("**/*.txt", "!a/b2/**"));
    copy(ofStage("/y").files("/a").without("*/c/*.md"));

    assertThat(target.resolve("x/a/b/c/two.md")).exists();
    assertThat(target.resolve("x/a/b/c/one.txt")).doesNotExist();
    assertThat(target.resolve("x/a/b2/c/three.txt")).exists();
    assertThat(target.resolve("x/top.txt")).doesNotExist();
    assertThat(target.resolve("y/b/c/one.txt")).exists();
    assertThat(target.resolve("y/b/c/two.md")).doesNotExist();
  }

  @Test
  void aDirectoryThatIsExcludedIsMadeForWhatIsNot() throws Exception {
    copy(to("/x").files("").without("a", "!a/b/c/two.md"));

    assertThat(target.resolve("x/a/b/c/two.md")).exists();
    assertThat(files.list("/x/a")).containsExactly("b");
    assertThat(mode("/x/a")).isEqualTo(0700);
    assertThat(mode("/x/a/b/c")).isEqualTo(0750);
  }

  @Test
  void ofASourceThatIsNoDirectoryTheNameIsExcluded() throws Exception {
    copy(to("/x/").files("top.txt", "a/b/c/two.md").without("*.txt"));

    assertThat(files.list("/x")).containsExactly("two.md");
  }

  @Test
  void excludingEverythingLeavesTheDirectory() throws Exception {
    copy(to("/x").files("a").without("*"));

    assertThat(files.list("/x")).isEmpty();
  }

  @Test
  void parentsAreKeptWithWhatTheyHave() throws Exception {
    copy(to("/x/").below("", "a/b/c/one.txt"));
    copy(ofStage("/y/").below("/", "a/*/c"));

    assertThat(target.resolve("x/a/b/c/one.txt")).hasContent("1");
    assertThat(files.list("/x/a/b/c")).containsExactly("one.txt");
    assertThat(mode("/x/a")).isEqualTo(0700);
    assertThat(mode("/x/a/b/c")).isEqualTo(0750);
    assertThat(files.list("/y/a")).containsExactly("b", "b2");
    assertThat(target.resolve("y/a/b2/c/three.txt")).hasContent("3");
  }

  @Test
  void parentsBeginAtThePivot() throws Exception {
    copy(ofStage("/x/").below("/a/b*", "c/**/*.txt"));
    copy(to("/y/").below("a", "b/c/two.md").mode("0604"));

    assertThat(files.list("/x")).containsExactly("c");
    assertThat(files.list("/x/c")).containsExactly("one.txt", "three.txt");
    assertThat(target.resolve("y/b/c/two.md")).exists();
    assertThat(mode("/y/b/c/two.md")).isEqualTo(0604);
  }

  @Test
  void parentsThatAreThereKeepTheirOwner() throws Exception {
    Files.createDirectories(target.resolve("x/a"));
    shell("chown 7:8 " + target.resolve("x/a"));

    copy(to("/x/").below("", "a/b/c/one.txt"));

    assertThat(status("/x/a").uid()).isEqualTo(7);
    assertThat(mode("/x/a")).isEqualTo(0700);
  }

  @Test
  void parentsOfNothingAreAnError() {
    assertThatThrownBy(() -> copy(ofStage("/x/").below("/", "a/nothing")))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("a/nothing");
    assertThatThrownBy(() -> copy(ofStage("/x/").below("/", "a/*.none")))
        .hasMessageContaining("a/*.none");
    assertThatThrownBy(() -> copy(ofStage("/x/").below("/top.txt", "x"))).hasMessageContaining("x");
  }

  @Test
  void aWildcardMayMatchNothingBesideAnotherSource() throws Exception {
    copy(ofStage("/x/").files("/top.txt", "/*.none"));
    copy(ofStage("/y/").below("/", "top.txt").below("/", "*.none"));

    assertThat(files.list("/x")).containsExactly("top.txt");
    assertThat(files.list("/y")).containsExactly("top.txt");
    assertThatThrownBy(() -> copy(ofStage("/x/").files("/*.none", "/*.no")))
        .hasMessageContaining("/*.none");
    assertThatThrownBy(() -> copy(ofStage("/x/").files("/top.txt", "/none")))
        .hasMessageContaining("/none");
  }

  @Test
  void severalFilesOfAWildcardNeedADirectory() throws Exception {
    copy(ofStage("/tmp").files("/a/b/c/*"));
    copy(ofStage("/merged").files("/a/b*"));

    assertThat(files.list("/tmp")).contains("one.txt", "two.md");
    assertThat(files.list("/merged/c")).containsExactly("one.txt", "three.txt", "two.md");
    assertThatThrownBy(() -> copy(ofStage("/new").files("/a/b/c/*")))
        .isInstanceOfSatisfying(
            FailureException.class,
            thrown -> assertThat(thrown.failure().name()).isEqualTo("destination-not-a-directory"));
  }

  @Test
  void aTextBecomesAFile() throws Exception {
    copy(to("/x/").source(new TransferSource.Text("EOF", "ä\n")));
    copy(to("/etc/motd").source(new TransferSource.Text("EOF", "")).owner("crab").mode("u+x"));

    assertThat(target.resolve("x/EOF")).hasContent("ä\n");
    assertThat(mode("/x/EOF")).isEqualTo(0644);
    assertThat(status("/x/EOF").modified()).isEqualTo(NOW);
    assertThat(target.resolve("etc/motd")).isEmptyFile();
    assertThat(mode("/etc/motd")).isEqualTo(0744);
    assertThat(status("/etc/motd").uid()).isEqualTo(1000);
  }

  @Test
  void whatIsFetchedIsCopiedAndUnpackedOnlyWhenAskedTo() throws Exception {
    shell("tar czf archive.tgz a && chmod 600 archive.tgz");

    copy(to("/x/").source(download("archive.tgz", false)));
    copy(to("/y").source(download("archive.tgz", true)));

    assertThat(mode("/x/archive.tgz")).isEqualTo(0600);
    assertThat(target.resolve("y/a/b/c/one.txt")).hasContent("1");
  }

  private static TransferSource download(String name, boolean unpack) {
    return new TransferSource.Download("http://localhost/" + name, name, Optional.empty(), unpack);
  }

  @Test
  void aRepositoryIsCopiedFromItsSubdirectory() throws Exception {
    copy(
        to("/x")
            .source(
                new TransferSource.Repository(
                    "https://localhost/r.git", "", "a/b", Optional.empty(), false, true)));

    assertThat(target.resolve("x/c/one.txt")).hasContent("1");
  }

  @Test
  void allCompressionsAreUnpacked() throws Exception {
    for (var flag : List.of("", "z", "j", "J", "-zstd")) {
      var command = flag.startsWith("-") ? "tar -" + flag + " -cf x a" : "tar c" + flag + "f x a";
      shell(command);

      copy(to("/un" + flag).unpack().files("x"));
      copy(to("/as" + flag + "/").files("x"));

      assertThat(target.resolve("un" + flag + "/a/b2/c/three.txt")).hasContent("3");
      assertThat(files.list("/as" + flag)).containsExactly("x");
    }
  }

  @Test
  void anArchiveThatEndsTooSoonIsNamed() throws Exception {
    shell("head -c 300000 /dev/urandom > a/noise && tar cJf x a && truncate -s -1000 x");

    assertThatThrownBy(() -> copy(to("/x/").unpack().files("x")))
        .isInstanceOfSatisfying(
            FailureException.class,
            thrown -> assertThat(thrown.failure().name()).isEqualTo("archive-broken"));
  }

  @Test
  void modeAndExcludesOfAnArchiveAreNotedAsUnused() throws Exception {
    shell("tar cf x a");

    copy(to("/x").unpack().files("x").mode("777").without("*.md"));

    assertThat(mode("/x/a/b/c/two.md")).isEqualTo(0711);
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("--chmod=777 --exclude=*.md has no effect");
  }

  @Test
  void linkFollowsNoLinksAndReplacesWhatIsInTheWay() throws Exception {
    Files.createSymbolicLink(target.resolve("srv"), Path.of("/tmp"));
    Files.writeString(target.resolve("plain"), "a file");
    Files.createDirectories(target.resolve("dir/below"));

    copy(to("/srv/app/").files("top.txt").link());
    copy(to("/plain/").files("top.txt").link());
    copy(to("/dir").files("top.txt").link());

    assertThat(target.resolve("srv"))
        .isDirectory()
        .satisfies(it -> assertThat(it.toRealPath()).isEqualTo(target.toRealPath().resolve("srv")));
    assertThat(target.resolve("srv/app/top.txt")).hasContent("top");
    assertThat(target.resolve("tmp/app")).doesNotExist();
    assertThat(target.resolve("plain/top.txt")).hasContent("top");
    assertThat(target.resolve("dir")).hasContent("top");
  }

  @Test
  void linkKeepsDirectoriesThatAreThere() throws Exception {
    shell("chmod 1777 " + target.resolve("tmp"));

    copy(to("/tmp/").files("top.txt").link());
    copy(to("/tmp").files("a/b").link());

    assertThat(mode("/tmp")).isEqualTo(01777);
    assertThat(files.list("/tmp")).contains("top.txt", "c");
  }

  @Test
  void linkPutsDirectoriesAndFilesInEachOthersPlace() throws Exception {
    Files.createDirectories(target.resolve("x/c/one.txt/deep"));
    copy(to("/x").files("a/b").link());
    Files.createDirectories(target.resolve("y"));
    Files.writeString(target.resolve("y/c"), "a file");
    copy(to("/y").files("a/b").link());

    assertThat(target.resolve("x/c/one.txt")).hasContent("1");
    assertThat(target.resolve("y/c/one.txt")).hasContent("1");
  }

  @Test
  void sparseFilesOfAnArchiveAreReadInAllFormats() throws Exception {
    shell(
        "truncate -s 1M big && printf middle | dd of=big bs=1 seek=500000 conv=notrunc 2>/dev/null");
    for (var format :
        List.of(
            "--format=gnu",
            "--format=pax --sparse-version=0.0",
            "--format=pax --sparse-version=0.1",
            "--format=pax --sparse-version=1.0")) {
      shell("tar -S " + format + " -cf x big top.txt");

      copy(to("/" + format.hashCode()).unpack().files("x"));

      var unpacked = target.resolve(format.hashCode() + "/big");
      assertThat(Files.mismatch(unpacked, source.resolve("big"))).isEqualTo(-1);
      assertThat(target.resolve(format.hashCode() + "/top.txt")).hasContent("top");
      shell("test $(stat -c %b " + unpacked + ") -lt 1000 || stat -f -c %T . | grep -q zfs");
      assertThat(Files.size(source.resolve("x"))).isLessThan(100_000);
    }
  }
}
