package dev.birgus.executor.layer;

import static dev.birgus.executor.layer.LayerTests.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.node.Leases;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLayerStoreTest {

  @TempDir Path folder = Path.of("");
  private final AtomicInteger opened = new AtomicInteger();
  private byte[] tar = new byte[0];
  private byte[] blob = new byte[0];

  @BeforeEach
  void needsRoot() throws IOException {
    LayerTests.assumeRoot(folder);
    tar = LayerTests.tar(file("a"), file("b/c"));
    blob = LayerTests.gzip(tar);
  }

  private DirectoryLayerStore store() throws IOException {
    var unpacker = new LayerUnpacker(UnpackLimits.DEFAULT, (_, _) -> {});
    return DirectoryLayerStore.open(folder.resolve("layers"), unpacker, Leases.unneeded());
  }

  private Layer layer() {
    return LayerTests.layer(blob, tar);
  }

  private LayerStore.BlobReader reader() {
    return _ -> {
      opened.incrementAndGet();
      return new ByteArrayInputStream(blob);
    };
  }

  private void assertNothingUnfinished() throws IOException {
    assertThat(folder.resolve("layers/tmp")).isEmptyDirectory();
  }

  @Test
  void aLayerIsUnpackedOnceAndFoundAgain() throws IOException {
    var store = store();
    assertThat(store.find(layer().diffId())).isEmpty();
    var bytes = new AtomicLong();

    var path = store.unpack(layer(), reader(), bytes::set);

    assertThat(path.resolve("b/c")).hasContent("b/c");
    assertThat(bytes.get()).isEqualTo(blob.length);
    assertThat(store.unpack(layer(), reader(), _ -> {})).isEqualTo(path);
    assertThat(store().find(layer().diffId())).contains(path);
    assertThat(opened).hasValue(1);
    assertNothingUnfinished();
  }

  @Test
  void callsAtTheSameTimeUnpackOnce() throws Exception {
    var one = store();
    var other = store();
    var calls = new ArrayList<Callable<Path>>();
    for (var i = 0; i < 8; i++) {
      var store = i % 2 == 0 ? one : other;
      calls.add(() -> store.unpack(layer(), reader(), _ -> {}));
    }
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var done : threads.invokeAll(calls)) {
        assertThat(done.get().resolve("a")).exists();
      }
    }
    assertThat(opened).hasValue(1);
  }

  @Test
  void aFailedUnpackingLeavesNothing() throws IOException {
    var store = store();
    blob = java.util.Arrays.copyOf(blob, blob.length / 2);

    assertThatThrownBy(() -> store.unpack(layer(), reader(), _ -> {}))
        .isInstanceOf(RuntimeException.class);

    assertThat(store.find(layer().diffId())).isEmpty();
    assertNothingUnfinished();
  }

  @Test
  void whatADeadProcessLeftIsRemovedAndWhatALivingOneMakesIsNot() throws Exception {
    store();
    var dead = Files.createDirectories(folder.resolve("layers/tmp/dead/x"));
    var living = Files.createDirectories(folder.resolve("layers/tmp/living"));
    LayerTests.assumeTool("python3");
    var holder =
        new ProcessBuilder(
                "python3",
                "-c",
                "import fcntl,sys; f=open('layers/locks/living.lock','w');"
                    + " fcntl.lockf(f,fcntl.LOCK_EX); print('held',flush=True); sys.stdin.read()")
            .directory(folder.toFile())
            .start();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");

      store();

      assertThat(dead).doesNotExist();
      assertThat(living).exists();
    } finally {
      holder.destroyForcibly().waitFor();
    }
    store();
    assertNothingUnfinished();
  }

  @Test
  void aLeftoverOfTheSameLayerIsNotTakenForWhole() throws IOException {
    var store = store();
    var name = layer().diffId().hex().substring(0, 32);
    Files.createDirectories(folder.resolve("layers/tmp/" + name + "/stale"));

    var path = store.unpack(layer(), reader(), _ -> {});

    assertThat(path.resolve("stale")).doesNotExist();
  }

  @Test
  void anAdoptedDirectoryIsMovedUnlessTheLayerIsThere() throws IOException {
    var store = store();
    var upper = Files.createDirectories(folder.resolve("upper"));
    Files.writeString(upper.resolve("f"), "1");
    var second = Files.createDirectories(folder.resolve("second"));

    var path = store.adopt(layer().diffId(), upper);

    assertThat(path.resolve("f")).hasContent("1");
    assertThat(upper).doesNotExist();
    assertThat(store.adopt(layer().diffId(), second)).isEqualTo(path);
    assertThat(second).exists();
    assertThat(store.unpack(layer(), reader(), _ -> {})).isEqualTo(path);
    assertThat(opened).hasValue(0);
  }
}
