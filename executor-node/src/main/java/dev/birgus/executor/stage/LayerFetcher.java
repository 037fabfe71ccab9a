package dev.birgus.executor.stage;

import dev.birgus.executor.layer.LayerIndexes;
import dev.birgus.executor.layer.LayerStore;
import dev.birgus.executor.layer.TreeLayers;
import dev.birgus.executor.memory.Entry;
import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.registry.ImageSources;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that layers are unpacked on this node, or at least indexed. A blob the store has not
 * got is downloaded once: what is read of it is written to the store at the same time.
 */
public final class LayerFetcher {

  private static final int AT_ONCE = 3;
  private static final ThreadFactory NAMED = Thread.ofPlatform().name("birgus-layer-", 0).factory();

  /** Which of two blobs waits for the other without need is of no importance. */
  private static final ReentrantLock[] DOWNLOADS = locks(64);

  private final BlobStore blobs;
  private final ImageSources images;
  private final LayerStore layers;
  private final LayerIndexes indexes;

  /** Fetches from these stores and images. */
  public LayerFetcher(
      BlobStore blobs, ImageSources images, LayerStore layers, LayerIndexes indexes) {
    this.blobs = blobs;
    this.images = images;
    this.layers = layers;
    this.indexes = indexes;
  }

  /** One thing to be done for a layer. */
  private interface Task<T> {
    T of(Layer layer) throws IOException;
  }

  /** A way to know what a layer holds. */
  sealed interface Seen {
    /** It is unpacked here. */
    record Unpacked(Path directory) implements Seen {}

    /** This is what its index says; the content of files is in its blob. */
    record Indexed(Entry root) implements Seen {}
  }

  /** What layers hold, in their order. Those that were not there before are read, not unpacked. */
  List<Seen> look(List<Layer> wanted, StageListener listener)
      throws IOException, InterruptedException {
    return forEach(wanted, layer -> look(layer, listener));
  }

  private Seen look(Layer layer, StageListener listener) throws IOException {
    var name = layer.blob().digest().toString();
    var size = Optional.of(layer.blob().size());
    var there = layers.find(layer.diffId());
    LayerStore.BlobReader reader = wanted -> open(wanted, listener);
    var known = there.isPresent() ? Optional.<Entry>empty() : indexes.find(layer, reader);
    if (there.isPresent() || known.isPresent()) {
      listener.transferred(Transfer.CACHED, name, layer.blob().size(), size);
      return there.isPresent()
          ? new Seen.Unpacked(there.get())
          : new Seen.Indexed(known.orElseThrow());
    }
    var read =
        indexes.read(
            layer, reader, done -> listener.transferred(Transfer.UNPACK, name, done, size));
    if (read.isEmpty()) {
      return new Seen.Unpacked(fetch(layer, listener));
    }
    listener.transferred(Transfer.UNPACK, name, layer.blob().size(), size);
    return new Seen.Indexed(read.get());
  }

  private static ReentrantLock[] locks(int count) {
    var locks = new ReentrantLock[count];
    Arrays.setAll(locks, _ -> new ReentrantLock());
    return locks;
  }

  /** The directories of these layers, in their order; several are fetched at once. */
  List<Path> fetch(List<Layer> wanted, StageListener listener)
      throws IOException, InterruptedException {
    return forEach(wanted, layer -> fetch(layer, listener));
  }

  private static <T> List<T> forEach(List<Layer> wanted, Task<T> task)
      throws IOException, InterruptedException {
    // A layer may stand in a stack more than once, the empty one often does.
    var distinct = new ArrayList<>(new LinkedHashSet<>(wanted));
    if (distinct.isEmpty()) {
      return List.of();
    }
    var running = new ArrayList<Future<T>>();
    try (var threads = Executors.newFixedThreadPool(Math.min(AT_ONCE, distinct.size()), NAMED)) {
      try {
        for (var layer : distinct) {
          running.add(threads.submit(() -> task.of(layer)));
        }
        for (var future : running) {
          future.get();
        }
      } catch (ExecutionException failed) {
        threads.shutdownNow();
        throw unwrapped(failed.getCause());
      } catch (InterruptedException cancelled) {
        threads.shutdownNow();
        throw cancelled;
      }
    }
    var results = new ArrayList<T>();
    for (var layer : wanted) {
      results.add(running.get(distinct.indexOf(layer)).resultNow());
    }
    return List.copyOf(results);
  }

  /**
   * Puts layers onto a tree, the lowest first; each is read straight from its blob. A blob that has
   * to be downloaded is by one of those who want it, while the others wait.
   */
  void fetchOnto(TreeLayers tree, List<Layer> wanted, StageListener listener)
      throws IOException, InterruptedException {
    for (var layer : wanted) {
      if (Thread.interrupted()) {
        throw new InterruptedException("cancelled between two layers");
      }
      if (blobs.size(layer.blob().digest()).isPresent()) {
        add(tree, layer, listener);
        continue;
      }
      var lock = DOWNLOADS[Math.floorMod(layer.blob().digest().hashCode(), DOWNLOADS.length)];
      lock.lockInterruptibly();
      try {
        add(tree, layer, listener);
      } finally {
        lock.unlock();
      }
    }
  }

  private void add(TreeLayers tree, Layer layer, StageListener listener) throws IOException {
    var name = layer.blob().digest().toString();
    var size = layer.blob().size();
    tree.add(
        layer,
        each -> open(each, listener),
        done -> listener.transferred(Transfer.UNPACK, name, done, Optional.of(size)));
    listener.transferred(Transfer.UNPACK, name, size, Optional.of(size));
  }

  private static IOException unwrapped(@Nullable Throwable cause) throws InterruptedException {
    return switch (cause) {
      case IOException exception -> exception;
      case InterruptedException exception -> throw exception;
      case RuntimeException exception -> throw exception;
      case Error error -> throw error;
      case null, default -> new IOException(cause);
    };
  }

  private Path fetch(Layer layer, StageListener listener) throws IOException {
    var name = layer.blob().digest().toString();
    var size = Optional.of(layer.blob().size());
    var there = layers.find(layer.diffId());
    if (there.isPresent()) {
      listener.transferred(Transfer.CACHED, name, layer.blob().size(), size);
      return there.get();
    }
    var path =
        layers.unpack(
            layer,
            wanted -> open(wanted, listener),
            done -> listener.transferred(Transfer.UNPACK, name, done, size));
    listener.transferred(Transfer.UNPACK, name, layer.blob().size(), size);
    return path;
  }

  private InputStream open(Layer layer, StageListener listener) throws IOException {
    var blob = layer.blob();
    if (blobs.size(blob.digest()).isPresent()) {
      return blobs.open(blob.digest());
    }
    var source =
        layer
            .source()
            .orElseThrow(() ->
                Failure.of(
                        Failure.LAYER_MISSING,
                        "the layer " + blob.digest() + " is not in the blob store any more",
                        "build again")
                    .toException());
    var name = blob.digest().toString();
    var bytes = images.open(source, blob);
    if (blobs.size(blob.digest()).isPresent()) {
      // Somebody else has fetched it while we waited for our turn.
      bytes.close();
      return blobs.open(blob.digest());
    }
    try {
      return new StoringInputStream(
          bytes,
          blobs.createCopy(),
          blob,
          done -> listener.transferred(Transfer.DOWNLOAD, name, done, Optional.of(blob.size())));
    } catch (IOException | RuntimeException failed) {
      bytes.close();
      throw failed;
    }
  }
}
