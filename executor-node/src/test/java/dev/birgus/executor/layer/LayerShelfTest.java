package dev.birgus.executor.layer;

import static dev.birgus.executor.layer.LayerTests.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.node.Kept;
import dev.birgus.infra.node.NodeLeases;
import dev.birgus.infra.node.Pruner;
import dev.birgus.infra.node.Retention;
import dev.birgus.infra.observe.Journal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerShelfTest {

  @TempDir Path folder = Path.of("");

  @BeforeEach
  void needsRoot() throws IOException {
    LayerTests.assumeRoot(folder);
  }

  private NodeLeases leases(long time) throws IOException {
    return NodeLeases.open(
        folder.resolve("leases"),
        InstantSource.fixed(Instant.ofEpochSecond(time)),
        Journal.silent());
  }

  private DirectoryLayerStore store(NodeLeases leases) throws IOException {
    var unpacker = new LayerUnpacker(UnpackLimits.DEFAULT, (_, _) -> {});
    return DirectoryLayerStore.open(folder.resolve("layers"), unpacker, leases);
  }

  private LayerShelf shelf() {
    return new LayerShelf(folder.resolve("layers"));
  }

  private List<Kept> prune(NodeLeases leases, long limit) throws IOException {
    return new Pruner(leases, List.of(shelf()), Journal.silent())
        .prune(Retention.upTo(limit))
        .removed();
  }

  /** What a build does that is over when this returns. */
  private Path unpack(long time, String name) throws IOException {
    try (var leases = leases(time)) {
      return unpack(store(leases), name);
    }
  }

  private static Path unpack(DirectoryLayerStore store, String name) throws IOException {
    var tar = LayerTests.tar(file(name));
    var blob = LayerTests.gzip(tar);
    return store.unpack(layer(name), _ -> new ByteArrayInputStream(blob), _ -> {});
  }

  private static Layer layer(String name) throws IOException {
    var tar = LayerTests.tar(file(name));
    return LayerTests.layer(LayerTests.gzip(tar), tar);
  }

  @Test
  void theLayerUsedLongestAgoGoesFirst() throws IOException {
    var first = unpack(1, "first");
    var second = unpack(2, "second");
    unpack(3, "first");
    try (var leases = leases(4)) {
      var size = shelf().kept().getFirst().size();

      var gone = prune(leases, size);

      assertThat(size).isPositive();
      assertThat(gone).hasSize(1);
      assertThat(second).doesNotExist();
      assertThat(first.resolve("first")).exists();
      assertThat(folder.resolve("layers/tmp")).isEmptyDirectory();
    }
  }

  @Test
  void aLayerALivingBuildUsesStays() throws IOException {
    var path = unpack(1, "one");
    try (var other = leases(2)) {
      assertThat(store(other).find(layer("one").diffId())).isPresent();
      try (var leases = leases(3)) {
        assertThat(prune(leases, 0)).isEmpty();
        assertThat(path.resolve("one")).exists();

        other.release();

        assertThat(prune(leases, 0)).hasSize(1);
        assertThat(path).doesNotExist();
      }
    }
  }

  @Test
  void whatIsRemovedTakesItsLockAndItsNoteWithItAndCanComeBack() throws IOException {
    unpack(1, "one");
    try (var leases = leases(2)) {
      prune(leases, 0);
    }
    assertThat(folder.resolve("layers/locks")).isEmptyDirectory();
    assertThat(folder.resolve("layers/notes")).isEmptyDirectory();

    assertThat(unpack(3, "one").resolve("one")).exists();
  }

  @Test
  void aLayerIsMeasuredOnceAndItsAgeStays() throws IOException {
    var path = unpack(7, "one");
    var first = shelf().kept().getFirst();

    Files.write(path.resolve("more"), new byte[100_000]);

    assertThat(shelf().kept()).containsExactly(first);
    assertThat(first.used()).isEqualTo(Instant.ofEpochSecond(7));
    assertThat(first.size()).isGreaterThanOrEqualTo(4096);
  }

  @Test
  void aKilledRemovalLeavesNothingThatLooksLikeALayer() throws Exception {
    // given a process that has withdrawn a layer and not removed it yet
    var path = unpack(1, "one");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Withdrawal.class.getName(),
                folder.resolve("layers").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var leases = leases(2)) {
      assertThat(process.getInputStream().read()).isEqualTo('w');
      assertThat(path).doesNotExist();
      assertThat(folder.resolve("layers/tmp")).isNotEmptyDirectory();

      // when
      process.destroyForcibly().waitFor();
      var store = store(leases);

      // then
      assertThat(folder.resolve("layers/tmp")).isEmptyDirectory();
      assertThat(store.find(layer("one").diffId())).isEmpty();
      assertThat(unpack(store, "one").resolve("one")).exists();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
