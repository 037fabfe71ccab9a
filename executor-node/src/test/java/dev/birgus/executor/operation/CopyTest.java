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
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyTest {

  private static final FileOrigin CONTEXT = new FileOrigin.Context(new ContextRef("c"));
  private static final FileOrigin STAGE =
      new FileOrigin.FromStage(new StageId(Digest.sha256(new byte[0])));
  private static final long NOW = 1_700_000_000_000_000_000L;

  @TempDir Path folder = Path.of("");
  private Path source = Path.of("");
  private Path target = Path.of("");
  private FileSystem files;
  private final Operations operations =
      new Operations((_, _) -> {
        throw new AssertionError("nothing is run");
      });

  @SuppressWarnings("NullAway.Init")
  CopyTest() {}

  @BeforeEach
  void makeFiles() throws IOException {
    BusyboxRoot.assume();
    source = Files.createDirectories(folder.resolve("source"));
    target = BusyboxRoot.make(folder.resolve("target"));
    files = LinuxFileSystem.open(target);
    write("a.txt", "a");
    write("b.txt", "b");
    write("dir/one", "1");
    write("dir/ignored", "no");
    write("dir/sub/two", "2");
    Files.createSymbolicLink(source.resolve("dir/link"), Path.of("one"));
    Files.createSymbolicLink(source.resolve("toDir"), Path.of("dir"));
    Files.createSymbolicLink(source.resolve("toFile"), Path.of("a.txt"));
    Files.setPosixFilePermissions(
        source.resolve("dir/sub"), PosixFilePermissions.fromString("rwx--x---"));
    Files.setLastModifiedTime(source.resolve("a.txt"), FileTime.fromMillis(1234567));
    Files.setLastModifiedTime(source.resolve("dir/sub"), FileTime.fromMillis(7654321));
    Files.setAttribute(source.resolve("b.txt"), "unix:uid", 55);
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

  private FileTransfer transfer(FileOrigin from, String destination, String... sources) {
    return new TransferBuilder(from, destination).files(sources).build();
  }

  private StepRoot root() {
    return new StepRoot(files, new FolderSources(source), NOW, (_, _) -> {});
  }

  private void copy(FileTransfer transfer) throws IOException, InterruptedException {
    operations.run(new Operation.Copy(transfer), root());
  }

  private void copy(String destination, String... sources)
      throws IOException, InterruptedException {
    copy(transfer(CONTEXT, destination, sources));
  }

  private FileStatus status(String path) throws IOException {
    return files.status(path).orElseThrow();
  }

  @Test
  void aFileGetsTheNameOfTheDestination() throws Exception {
    copy("/new/deep/name", "a.txt");

    assertThat(target.resolve("new/deep/name")).hasContent("a");
    assertThat(status("/new/deep/name").modified()).isEqualTo(1234567_000_000L);
    assertThat(status("/new").mode()).isEqualTo(0755);
    assertThat(status("/new/deep").modified()).isGreaterThanOrEqualTo(NOW);
  }

  @Test
  void aTrailingSlashMakesTheDestinationADirectory() throws Exception {
    copy("/new/", "a.txt");

    assertThat(target.resolve("new/a.txt")).hasContent("a");
  }

  @Test
  void anExistingDirectoryTakesTheFile() throws Exception {
    copy("/tmp", "a.txt");
    copy("/", "b.txt");

    assertThat(target.resolve("tmp/a.txt")).hasContent("a");
    assertThat(target.resolve("b.txt")).hasContent("b");
    assertThat(status("/b.txt").uid()).isZero();
  }

  @Test
  void aLinkToADirectoryIsFollowedInsideTheRoot() throws Exception {
    Files.createSymbolicLink(target.resolve("current"), Path.of("/../tmp"));

    copy("/current", "a.txt");
    copy("/current/sub/", "b.txt");

    assertThat(target.resolve("tmp/a.txt")).hasContent("a");
    assertThat(target.resolve("tmp/sub/b.txt")).hasContent("b");
  }

  @Test
  void theContentOfADirectoryIsMerged() throws Exception {
    Files.createDirectories(target.resolve("new/sub"));
    Files.writeString(target.resolve("new/one"), "old and longer");
    Files.writeString(target.resolve("new/kept"), "kept");

    copy("/new", "dir");

    assertThat(target.resolve("new/one")).hasContent("1");
    assertThat(target.resolve("new/kept")).hasContent("kept");
    assertThat(target.resolve("new/sub/two")).hasContent("2");
    assertThat(target.resolve("new/ignored")).doesNotExist();
    assertThat(Files.readSymbolicLink(target.resolve("new/link"))).hasToString("one");
    assertThat(status("/new/sub").mode()).isEqualTo(0710);
    assertThat(status("/new/sub").modified()).isEqualTo(7654321_000_000L);
  }

  @Test
  void theWholeContextCanBeCopied() throws Exception {
    copy("/all", "");

    assertThat(target.resolve("all/dir/sub/two")).hasContent("2");
    assertThat(target.resolve("all/toFile")).isSymbolicLink();
  }

  @Test
  void aLinkGivenAsSourceIsFollowed() throws Exception {
    copy("/x/", "toFile");
    copy("/y/", "toDir");
    copy(transfer(STAGE, "/z/", "/toDir", "/toFile"));

    assertThat(Files.isRegularFile(target.resolve("x/toFile"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(target.resolve("y/sub/two")).hasContent("2");
    assertThat(target.resolve("y/ignored")).doesNotExist();
    assertThat(target.resolve("z/sub/two")).hasContent("2");
  }

  @Test
  void ownerAndModeAreForAllThatIsMade() throws Exception {
    copy(
        new TransferBuilder(CONTEXT, "/new/deep")
            .files("dir")
            .owner("crab:beach")
            .mode("0640")
            .build());

    for (var path : List.of("/new", "/new/deep", "/new/deep/one", "/new/deep/sub")) {
      assertThat(status(path).uid()).isEqualTo(1000);
      assertThat(status(path).gid()).isEqualTo(2000);
    }
    assertThat(status("/new/deep/one").mode()).isEqualTo(0640);
    assertThat(status("/new/deep/sub").mode()).isEqualTo(0640);
    assertThat(status("/new/deep").mode()).isEqualTo(0755);
  }

  @Test
  void filesAndDirectoriesDoNotReplaceEachOther() throws Exception {
    Files.createDirectories(target.resolve("tmp/a.txt"));
    Files.writeString(target.resolve("tmp/sub"), "file");

    assertThatThrownBy(() -> copy("/tmp/", "a.txt"))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("replace the directory /tmp/a.txt");
    assertThatThrownBy(() -> copy("/tmp/", "dir")).hasMessageContaining("/tmp/sub");
    assertThatThrownBy(() -> copy("/tmp/sub/", "a.txt"))
        .hasMessageContaining("/tmp/sub is not a directory");
    assertThatThrownBy(() -> copy("/tmp/sub", "dir")).hasMessageContaining("/tmp/sub");
  }

  @Test
  void theLastOfSourcesWithOneNameWins() throws Exception {
    write("x/a.txt", "second");

    copy("/tmp/", "a.txt", "x/a.txt");

    assertThat(target.resolve("tmp/a.txt")).hasContent("second");
  }

  @Test
  void hardLinksModesAndCapabilitiesAreKept() throws Exception {
    Files.createLink(source.resolve("dir/sub/hard"), source.resolve("dir/one"));
    new ProcessBuilder("chmod", "6755", source.resolve("a.txt").toString()).start().waitFor();
    Files.setAttribute(
        source.resolve("a.txt"),
        "user:note",
        "kept".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    copy(transfer(STAGE, "/new", "/dir"));
    copy(transfer(STAGE, "/new/", "/a.txt"));

    assertThat(status("/new/one").inode()).isEqualTo(status("/new/sub/hard").inode());
    assertThat(status("/new/a.txt").mode()).isEqualTo(06755);
    assertThat(files.xattrs("/new/a.txt")).containsEntry("user.note", "kept");
  }

  @Test
  void fifosAreCopiedAsSuchAndSocketsLeftOut() throws Exception {
    new ProcessBuilder("mkfifo", source.resolve("dir/fifo").toString()).start().waitFor();
    try (var socket =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      socket.bind(java.net.UnixDomainSocketAddress.of(source.resolve("dir/socket")));

      copy("/new", "dir");
    }

    assertThat(status("/new/fifo").kind()).isEqualTo(FileStatus.Kind.FIFO);
    assertThat(files.status("/new/socket")).isEmpty();
  }

  @Test
  void patternsSelectInAStage() throws Exception {
    copy(transfer(STAGE, "/new/", "/*.txt", "/dir/s?b/[st]*"));

    assertThat(files.list("/new")).containsExactly("a.txt", "b.txt", "two");
  }

  @Test
  void aSourceThatIsNotThereIsNamedWithWhatIsNear() {
    assertThatThrownBy(() -> copy(transfer(STAGE, "/new/", "/dir/onne")))
        .isInstanceOfSatisfying(
            FailureException.class,
            thrown -> {
              assertThat(thrown.failure().message()).contains("/dir/onne");
              assertThat(thrown.failure().advice()).contains("/dir/one");
            });
    assertThatThrownBy(() -> copy("/new/", "dir/ignored")).hasMessageContaining("dir/ignored");
    assertThatThrownBy(() -> copy(transfer(STAGE, "/new/", "/*.md"))).hasMessageContaining("*.md");
  }

  @Test
  void manySmallFilesAreAllCopied() throws Exception {
    for (var i = 0; i < 3000; i++) {
      write("many/" + i % 10 + "/" + i, "content " + i);
    }

    copy("/new", "many");

    for (var i = 0; i < 3000; i++) {
      assertThat(target.resolve("new/" + i % 10 + "/" + i)).hasContent("content " + i);
    }
  }

  @Test
  void aDirectoryIsMadeForItsUser() throws Exception {
    operations.run(new Operation.MakeDirectory("/srv/app", "crab"), root());
    operations.run(new Operation.MakeDirectory("/tmp", "crab"), root());

    assertThat(status("/srv").uid()).isEqualTo(1000);
    assertThat(status("/srv/app").gid()).isEqualTo(1001);
    assertThat(status("/tmp").uid()).isZero();
  }

  @Test
  void addUnpacksArchivesAndCopiesTheRest() throws Exception {
    for (var flag : List.of("cf", "czf", "cjf", "cJf")) {
      tar(flag, source.resolve("archive-" + flag));
    }
    new ProcessBuilder("gzip", source.resolve("b.txt").toString()).start().waitFor();

    for (var flag : List.of("cf", "czf", "cjf", "cJf")) {
      add("/new-" + flag, "archive-" + flag);
      assertThat(target.resolve("new-" + flag + "/dir/sub/two")).hasContent("2");
      assertThat(status("/new-" + flag + "/dir/sub").modified()).isEqualTo(7654_000_000_000L);
    }
    add("/new/", "b.txt.gz", "dir");

    assertThat(target.resolve("new/b.txt.gz")).exists();
    assertThat(target.resolve("new/one")).hasContent("1");
  }

  private void add(String destination, String... sources) throws Exception {
    var transfer = new TransferBuilder(CONTEXT, destination).unpack().files(sources).build();
    operations.run(new Operation.Add(transfer), root());
  }

  private void tar(String flags, Path archive) throws Exception {
    var process =
        new ProcessBuilder("tar", flags, archive.toString(), "-C", source.toString(), "dir")
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
  }
}
