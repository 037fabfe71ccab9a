package dev.birgus.executor.layer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.memory.Entry;
import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.node.Leases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerIndexesTest {

  @TempDir Path folder = Path.of("");
  private final AtomicInteger reads = new AtomicInteger();
  private final InMemoryBlobs blobs = new InMemoryBlobs();

  private LayerIndexes indexes(IndexLimits limits) {
    var unpacker = new LayerUnpacker(UnpackLimits.DEFAULT, (_, _) -> {});
    return new LayerIndexes(folder, unpacker, limits, Leases.unneeded());
  }

  private LayerIndexes indexes() {
    return indexes(IndexLimits.DEFAULT);
  }

  private LayerStore.BlobReader counted() {
    return layer -> {
      reads.incrementAndGet();
      return blobs.open(layer);
    };
  }

  private Layer layer(TarEntry... entries) throws IOException {
    var tar = LayerTests.tar(entries);
    var blob = LayerTests.gzip(tar);
    blobs.put(blob);
    return LayerTests.layer(blob, tar);
  }

  private Entry read(Layer layer) throws IOException {
    return indexes().read(layer, counted(), _ -> {}).orElseThrow();
  }

  private static Entry at(Entry root, String... names) throws IOException {
    var entry = root;
    for (var name : names) {
      entry = requireNonNull(entry.child(name), name);
    }
    return entry;
  }

  private static String text(Entry file) throws IOException {
    try (var in = file.content().open()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void contentComesFromTheLayer() throws IOException {
    var layer =
        layer(
            LayerTests.directory("d"),
            LayerTests.file("d/one"),
            LayerTests.entry("d/link", TarEntry.Type.HARD_LINK, "d/one"),
            LayerTests.file("d/two"),
            LayerTests.file("d/one"));

    var root = read(layer);

    assertThat(text(at(root, "d", "one"))).isEqualTo("d/one");
    assertThat(text(at(root, "d", "two"))).isEqualTo("d/two");
    assertThat(text(at(root, "d", "link"))).isEqualTo("d/one");
    assertThat(reads).hasValue(4);
  }

  @Test
  void usersAreLookedUpWithoutReadingTheLayerAgain() throws IOException {
    var layer =
        layer(
            LayerTests.directory("etc"),
            LayerTests.file("etc/passwd"),
            LayerTests.file("etc/group"));
    read(layer);

    var etc = at(indexes().find(layer, counted()).orElseThrow(), "etc");

    assertThat(text(at(etc, "passwd"))).isEqualTo("etc/passwd");
    assertThat(text(at(etc, "group"))).isEqualTo("etc/group");
    assertThat(reads).hasValue(1);
  }

  @Test
  void anEntryTakesLessThanAHundredBytes() throws IOException {
    var entries = new ArrayList<TarEntry>();
    for (var i = 0; i < 20_000; i++) {
      entries.add(LayerTests.file("usr/share/package-" + i / 100 + "/file-number-" + i + ".txt"));
    }

    var root = read(layer(entries.toArray(TarEntry[]::new)));

    try (var files = Files.list(folder.resolve("indexes"))) {
      assertThat(Files.size(files.findFirst().orElseThrow())).isLessThan(20_000L * 100);
    }
    assertThat(at(root, "usr", "share").names()).hasSize(200);
  }

  @Test
  void aLayerThatIsTooLargeHasNoIndex() throws IOException {
    var layer = layer(LayerTests.file("a"), LayerTests.file("b"), LayerTests.file("c"));

    for (var limits : List.of(new IndexLimits(2, 1000), new IndexLimits(1000, 2))) {
      assertThat(indexes(limits).read(layer, counted(), _ -> {})).isEmpty();
      assertThat(indexes(limits).find(layer, counted())).isEmpty();
    }
  }

  @Test
  void whatCannotBeUnpackedCannotBeIndexed() throws IOException {
    var promised = layer(LayerTests.file("a"));
    var other = layer(LayerTests.file("b"));
    var wrong = new Layer(other.blob(), promised.diffId(), other.source());
    var hostile = layer(LayerTests.entry("x", TarEntry.Type.HARD_LINK, "../../etc/passwd"));

    assertThatThrownBy(() -> read(wrong)).isInstanceOf(DigestMismatchException.class);
    assertThatThrownBy(() -> read(hostile))
        .isInstanceOfSatisfying(
            FailureException.class,
            failed -> assertThat(failed.failure().name()).isEqualTo("layer-refused"));
    assertThat(indexes().find(promised, counted())).isEmpty();
    assertThat(folder.resolve("tmp"))
        .satisfiesAnyOf(
            tmp -> assertThat(tmp).doesNotExist(), tmp -> assertThat(tmp).isEmptyDirectory());
  }

  @Test
  void anIndexThatNobodyNeedsCanGo() throws IOException {
    var shelf = new IndexShelf(folder);
    assertThat(shelf.kept()).isEmpty();
    var layer = layer(LayerTests.file("a"));
    read(layer);

    var kept = shelf.kept();
    assertThat(kept).hasSize(1);
    assertThat(kept.getFirst().kind()).isEqualTo("index");
    shelf.withdraw(kept.getFirst()).orElseThrow().dispose();

    assertThat(shelf.kept()).isEmpty();
    assertThat(indexes().find(layer, counted())).isEmpty();
    assertThat(text(at(read(layer), "a"))).isEqualTo("a");
  }
}
