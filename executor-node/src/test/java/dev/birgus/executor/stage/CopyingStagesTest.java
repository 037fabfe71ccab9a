package dev.birgus.executor.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.layer.TarReader;
import dev.birgus.executor.operation.TransferBuilder;
import dev.birgus.executor.run.BusyboxRoot;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.StageBase;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.contracts.TransferSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages that run nothing have their root in memory; one more step, a RUN, gives an overlay. */
class CopyingStagesTest {

  private static final FileOrigin CONTEXT = new FileOrigin.Context(new ContextRef("c"));
  private static final BuildOptions AT_A_TIME =
      new BuildOptions(
          Optional.of(Instant.ofEpochSecond(1_600_000_000)),
          LayerCompression.DEFAULT,
          false,
          Map.of());
  private static final Operation NOTHING_RUN =
      new Operation.Run(List.of("/bin/sh", "-c", "true"), Map.of("PATH", "/bin"), "/", "");
  private static final int STAGES = 12;

  @TempDir Path folder = Path.of("");
  private CopyingStages stages;

  @SuppressWarnings("NullAway.Init")
  CopyingStagesTest() {}

  @BeforeEach
  void makeFiles() throws Exception {
    BusyboxRoot.assume();
    stages = new CopyingStages(folder);
    var root = BusyboxRoot.make(folder.resolve("root"));
    Files.createDirectories(root.resolve("usr/lib/deep"));
    Files.writeString(root.resolve("usr/lib/file"), "of the base");
    Files.createLink(root.resolve("usr/lib/deep/same"), root.resolve("usr/lib/file"));
    Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
    Files.createSymbolicLink(root.resolve("up"), Path.of("/lib/deep"));
    stages.setBase(root);
    write("a.txt", "a");
    write("b.txt", "b");
    write("dir/one", "1");
    write("dir/two", "x".repeat(100_000));
    write("dir/lib/three", "3");
    write("dir/deep/.hidden", "");
    write("dir/ignored", "never");
    Files.createSymbolicLink(stages.context.resolve("dir/link"), Path.of("one"));
    Files.createLink(stages.context.resolve("dir/deep/hard"), stages.context.resolve("dir/one"));
    Files.setLastModifiedTime(stages.context.resolve("dir/lib"), FileTime.fromMillis(7654321));
    tar("c.tar.gz", "-czf");
    tar("c.tar", "-cf");
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    if (stages != null) {
      assertThat(stages.work).isEmptyDirectory();
      assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
          .doesNotContain(folder.toString());
    }
  }

  private void write(String path, String text) throws IOException {
    var file = stages.context.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void tar(String name, String flags) throws Exception {
    var archive = stages.context.resolve(name).toString();
    var from = stages.context.resolve("dir").toString();
    var tar = new ProcessBuilder("tar", flags, archive, "-C", from, ".").inheritIO().start();
    assertThat(tar.waitFor()).isZero();
  }

  private static Operation copy(String destination, String... sources) {
    return new Operation.Copy(new TransferBuilder(CONTEXT, destination).files(sources).build());
  }

  private StageResult execute(Operation... operations) throws Exception {
    return stages.onBase(AT_A_TIME, List.of(operations));
  }

  private List<String> entries(Layer layer) throws IOException {
    var names = new ArrayList<String>();
    var blob = stages.blobs.open(layer.blob().digest());
    try (var tar = new TarReader(new GZIPInputStream(blob), 1 << 20)) {
      for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
        names.add(entry.get().name());
      }
    }
    return names;
  }

  /** An overlay names the whiteouts of a directory that one layer alone has. */
  @Test
  void whatALayerHidesThatNoLowerOneHasIsNotCopied() throws Exception {
    var root = Files.createDirectories(folder.resolve("odd"));
    Files.createDirectories(root.resolve("d/e"));
    Files.writeString(root.resolve("d/e/kept"), "kept");
    try (var files = LinuxFileSystem.open(root)) {
      var whiteout =
          new FileStatus(Kind.CHARACTER_DEVICE, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, Optional.empty());
      files.makeNode(
          "/d/e/gone", whiteout, new FileAttributes(0644, 0, 0, 0, new java.util.TreeMap<>()));
    }
    stages.setBase(root);
    var origin = new FileOrigin.FromStage(stages.base());

    for (var source : List.of("/d", "/d/e/*", "/*/e")) {
      var copy = new Operation.Copy(new TransferBuilder(origin, "/copy/").files(source).build());
      var result = stages.execute(new StageBase.Scratch(), AT_A_TIME, List.of(copy));
      assertThat(entries(result.layers().getLast()))
          .anyMatch(name -> name.endsWith("kept"))
          .noneMatch(name -> name.contains("gone"));
    }
  }

  private boolean isUnpacked() throws IOException {
    try (var names = Files.list(stages.layers)) {
      return names.anyMatch(path -> path.getFileName().toString().length() == 32);
    }
  }

  @Test
  void whateverIsCopiedTheLayersAreThoseOfAnOverlay() throws Exception {
    for (var seed = 0; seed < STAGES; seed++) {
      var random = new Random(seed);
      var operations = new ArrayList<Operation>();
      for (var count = 1 + random.nextInt(6); count > 0; count--) {
        operations.add(operation(random));
      }
      var expected = outcome(operations, NOTHING_RUN);
      assertThat(outcome(operations)).as("%s", operations).isEqualTo(expected);
    }
  }

  /** The layers, or why there are none. */
  private String outcome(List<Operation> operations, Operation... more) throws Exception {
    var all = new ArrayList<>(operations);
    all.addAll(List.of(more));
    try {
      var layers = stages.onBase(AT_A_TIME, all).layers();
      var told = new StringBuilder();
      for (var layer : layers.subList(1, layers.size())) {
        told.append(layer.diffId()).append(" ").append(entries(layer)).append("\n");
      }
      return told.toString();
    } catch (FailureException failed) {
      return failed.failure().toString();
    }
  }

  private Operation operation(Random random) {
    return switch (random.nextInt(8)) {
      case 0 ->
          new Operation.MakeDirectory(destination(random), random.nextBoolean() ? "" : "crab");
      case 1, 2 -> new Operation.Add(transfer(random, true));
      default -> new Operation.Copy(transfer(random, false));
    };
  }

  private static String destination(Random random) {
    return List.of(
            "/lib",
            "/lib/new",
            "/up",
            "/usr/lib/deep/",
            "/",
            "/a/b/c",
            "/a/",
            "/tmp/one",
            "/lib/file",
            "/bin/")
        .get(random.nextInt(10));
  }

  private FileTransfer transfer(Random random, boolean add) {
    var fromBase = random.nextInt(3) == 0;
    var builder =
        new TransferBuilder(
            fromBase ? new FileOrigin.FromStage(stages.base()) : CONTEXT, destination(random));
    if (add) {
      builder.unpack();
    }
    var inBase = List.of("/lib", "/usr/lib/file", "/etc/pass*", "/usr/lib/*", "/usr/lib/deep");
    var inContext =
        add
            ? List.of("c.tar", "c.tar.gz", "dir")
            : List.of("a.txt", "b.txt", "dir", "dir/link", "");
    var sources = fromBase ? inBase : inContext;
    builder.files(sources.get(random.nextInt(sources.size())));
    if (random.nextInt(4) == 0) {
      builder.source(new TransferSource.Text("heredoc", "text\n"));
    }
    if (random.nextInt(3) == 0) {
      builder.owner(List.of("crab", "crab:beach", "7", "1000:beach").get(random.nextInt(4)));
    }
    if (random.nextInt(4) == 0) {
      builder.mode("u+x,go-w");
    }
    if (random.nextInt(5) == 0) {
      builder.without("**/one");
    }
    if (!add && random.nextInt(5) == 0) {
      builder.link();
    }
    return builder.build();
  }

  @Test
  void nothingIsUnpackedAndTheBaseIsReadOnce() throws Exception {
    execute(copy("/up/", "a.txt"));
    var result = execute(copy("/up/", "a.txt", "b.txt"));

    assertThat(entries(result.layers().get(1)))
        .containsExactly(
            "usr/", "usr/lib/", "usr/lib/deep/", "usr/lib/deep/a.txt", "usr/lib/deep/b.txt");
    assertThat(stages.downloads).hasValue(1);
    assertThat(isUnpacked()).isFalse();
    try (var names = Files.list(stages.layers.resolve("tmp"))) {
      assertThat(names).isEmpty();
    }
  }

  @Test
  void aDamagedIndexIsMadeAgain() throws Exception {
    var expected = execute(copy("/up/", "a.txt"));
    try (var names = Files.list(stages.layers.resolve("indexes"))) {
      for (var index : names.toList()) {
        var bytes = Files.readAllBytes(index);
        bytes[bytes.length / 2]++;
        Files.write(index, bytes);
      }
    }

    assertThat(execute(copy("/up/", "a.txt"))).isEqualTo(expected);
  }

  @Test
  void aStageFromScratchFetchesNothing() throws Exception {
    var result =
        stages.execute(new StageBase.Scratch(), AT_A_TIME, List.of(copy("/app/", "a.txt")));

    assertThat(entries(result.layers().getFirst())).containsExactly("app/", "app/a.txt");
    assertThat(stages.downloads).hasValue(0);
  }

  @Test
  void aFileOfTheBaseCanGetAnotherName() throws Exception {
    var archive = Files.createDirectories(folder.resolve("links/usr/lib"));
    Files.writeString(archive.resolve("file"), "");
    Files.createLink(archive.resolve("zwei"), archive.resolve("file"));
    var tar =
        new ProcessBuilder(
                "tar",
                "-cf",
                stages.context.resolve("link.tar").toString(),
                "-C",
                folder.resolve("links").toString(),
                "--exclude=usr/lib/none",
                "usr/lib/file",
                "usr/lib/zwei")
            .start();
    assertThat(tar.waitFor()).isZero();
    // Only the second entry, which is a hard link to what the base has.
    var whole = Files.readAllBytes(stages.context.resolve("link.tar"));
    Files.write(
        stages.context.resolve("link.tar"), java.util.Arrays.copyOfRange(whole, 512, whole.length));

    var add =
        new Operation.Add(new TransferBuilder(CONTEXT, "/").unpack().files("link.tar").build());

    assertThat(outcome(List.of(add))).isEqualTo(outcome(List.of(add), NOTHING_RUN));
    assertThat(outcome(List.of(add))).contains("usr/lib/file", "usr/lib/zwei");
  }

  @Test
  void severalStepsSeeEachOther() throws Exception {
    var owned =
        new Operation.Copy(
            new TransferBuilder(CONTEXT, "/app/").files("b.txt").owner("newcomer").build());
    write("passwd", "newcomer:x:77:78::/:/bin/sh\n");

    var result = execute(copy("/etc/passwd", "passwd"), owned, copy("/app/", "a.txt"));

    assertThat(entries(result.layers().get(3))).containsExactly("app/", "app/a.txt");
    assertThatThrownBy(() -> execute(owned))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("newcomer");
  }

  @Test
  void oneLayerHoldsAllIfAsked() throws Exception {
    var single = new BuildOptions(AT_A_TIME.timestamp(), LayerCompression.DEFAULT, true, Map.of());

    var result =
        stages.onBase(single, List.of(copy("/one/", "a.txt"), copy("/one/a.txt", "b.txt")));

    assertThat(result.layers()).hasSize(2);
    assertThat(entries(result.layers().get(1))).containsExactly("one/", "one/a.txt");
  }

  @Test
  void aFailureHasItsPlace() {
    assertThatThrownBy(() -> execute(copy("/x/", "a.txt"), copy("/bin/busybox/x", "a.txt")))
        .isInstanceOfSatisfying(
            FailureException.class,
            failed -> {
              assertThat(failed.failure().name()).isEqualTo("not-a-directory");
              assertThat(failed.failure().at()).isPresent();
            });
  }
}
