package dev.birgus.executor.layer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.testkit.HostileTar;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers that were made to do harm are contained, or refused by name. */
class HostileLayersTest {

  private static final UnpackLimits LIMITS = new UnpackLimits(1000, 50, 1 << 16, 1 << 22);

  @TempDir Path folder = Path.of("");
  private @Nullable LinuxFileSystem around;
  private List<String> before = List.of();

  /** What must stay as it is stands beside the root, and in it must be no way there. */
  @BeforeEach
  void canaries() throws IOException {
    LayerTests.assumeRoot(folder);
    var outside = Files.createDirectories(folder.resolve("outside/a"));
    Files.writeString(outside.resolve("b"), "canary");
    Files.createSymbolicLink(outside.resolve("c"), Path.of("b"));
    around = LinuxFileSystem.open(folder);
    before = LayerTests.listing(around());
  }

  @AfterEach
  void nothingElseIsThere() throws IOException {
    if (around != null) {
      around.remove("root");
      assertThat(listing()).isEqualTo(before);
      around.close();
    }
  }

  private LinuxFileSystem around() {
    return java.util.Objects.requireNonNull(around);
  }

  private List<String> listing() throws IOException {
    return LayerTests.listing(around());
  }

  private void unpack(byte[] tar, UnpackLimits limits) throws IOException {
    around().remove("root");
    var root = Files.createDirectory(folder.resolve("root"));
    var layer = LayerTests.layer(tar, tar);
    new LayerUnpacker(limits, (_, _) -> {})
        .unpack(layer, _ -> new ByteArrayInputStream(tar), root, _ -> {});
  }

  private void refuses(String failure, String text, HostileTar tar) {
    assertThatThrownBy(() -> unpack(tar.finished(), LIMITS))
        .hasMessageContaining(text)
        .isInstanceOfSatisfying(
            FailureException.class, e -> assertThat(e.failure().name()).isEqualTo(failure));
  }

  @Test
  void whateverComesIsContainedOrRefusedByName() throws IOException {
    var names = new TreeSet<String>();
    for (var seed = 0; seed < 3000; seed++) {
      try {
        unpack(HostileTar.random(seed, folder.resolve("outside").toString()), LIMITS);
        names.add("contained");
      } catch (FailureException refused) {
        names.add(refused.failure().name());
      } catch (IOException | RuntimeException wrong) {
        throw new AssertionError("seed " + seed, wrong);
      }
      if (seed % 50 == 0) {
        around().remove("root");
        assertThat(listing()).as("seed %s", seed).isEqualTo(before);
      }
    }
    assertThat(names).contains("contained", "layer-refused", "tar-broken");
  }

  @Test
  void anExtendedHeaderOfANegativeSizeIsRefused() {
    var minusOne = new byte[12];
    Arrays.fill(minusOne, (byte) 0xff);
    for (var type : "xgLK".toCharArray()) {
      refuses("tar-broken", "out of range", new HostileTar().header(type, "n", "", minusOne));
    }
  }

  @Test
  void aFileOfANegativeSizeIsRefused() {
    refuses("tar-broken", "size", new HostileTar().records('x', "size", "-512").file("a", ""));
  }

  @Test
  void aSparseFileLargerThanAllIsRefused() {
    refuses(
        "layer-refused",
        "more than " + LIMITS.bytes() + " bytes",
        new HostileTar()
            .records('x', "GNU.sparse.map", "0,1", "GNU.sparse.size", "1152921504606846976")
            .file("a", "x"));
  }

  @Test
  void manySparseFilesCountTogether() {
    var tar = new HostileTar();
    for (var i = 0; i < 5; i++) {
      tar.records('x', "GNU.sparse.map", "0,1", "GNU.sparse.size", "1000000").file("a" + i, "x");
    }
    refuses("layer-refused", "a4", tar);
  }

  @Test
  void recordsForAllEntriesDoNotGatherWithoutLimit() {
    var tar = new HostileTar();
    for (var i = 0; i < 3000; i++) {
      tar.records('g', "key" + i, "value").file("f", "");
    }
    refuses("tar-broken", "extended headers", tar);
  }

  @Test
  void recordsOfOneEntryDoNotGatherWithoutLimit() {
    var tar = new HostileTar();
    for (var i = 0; i < 30; i++) {
      tar.records('x', "SCHILY.xattr.user." + i, "v".repeat(60_000));
    }
    refuses("tar-broken", "extended headers", tar.file("f", ""));
  }

  @Test
  void whatTheKernelRefusesIsRefusedByTheNameOfTheEntry() {
    refuses(
        "layer-refused",
        "entry l/x is refused: it cannot be made here, Too many levels of symbolic links",
        new HostileTar().special('2', "l", "m").special('2', "m", "l").file("l/x", ""));
    refuses("layer-refused", "entry e is refused", new HostileTar().special('2', "e", ""));
    refuses(
        "layer-refused",
        "File name too long",
        new HostileTar().records('x', "path", "n".repeat(256)).file("n", ""));
  }

  @Test
  void attributesTooLargeForTheFileSystemAreSkipped() throws IOException {
    var tar =
        new HostileTar()
            .records('x', "SCHILY.xattr.user.large", "v".repeat(50_000))
            .file("a", "a")
            .records('x', "SCHILY.xattr.user." + "n".repeat(300), "v")
            .file("b", "b");

    unpack(tar.finished(), LIMITS);

    assertThat(folder.resolve("root/a")).hasContent("a");
    assertThat(folder.resolve("root/b")).hasContent("b");
  }

  /** Every directory of a layer is given its time at the end, in a heap of any size. */
  @Test
  void moreDirectoriesThanTheMemoryHasRoomForKeepTheirTimes() throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx24m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ManyDirectories.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();

    var output = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).isEqualTo("right");
  }

  /** A thousand to one: a file of zeros is refused by what its header says, before it is made. */
  @Test
  void aCompressedBombIsRefusedByItsSize() throws IOException {
    var head = HostileTar.block('0', "bomb", "", HostileTar.octal(1L << 30, 12));
    var start = new HostileTar().header(head).unfinished();
    var zipped = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(zipped)) {
      gzip.write(start);
      gzip.write(new byte[40 << 20]);
    }
    var blob = zipped.toByteArray();
    around().remove("root");
    var root = Files.createDirectory(folder.resolve("root"));

    assertThatThrownBy(() ->
            new LayerUnpacker(LIMITS, (_, _) -> {})
                .unpack(
                    LayerTests.layer(blob, blob),
                    _ -> new ByteArrayInputStream(blob),
                    root,
                    _ -> {}))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("" + LIMITS.bytes());
    assertThat(root).isEmptyDirectory();
  }
}
