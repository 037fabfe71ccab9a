package dev.birgus.pusher.content;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.blobs.OneAtATime;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.registry.ImageSources;
import dev.birgus.infra.registry.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The bytes of layers. They come out of the blob store, or, where it has not got them, from the
 * base image's source, which verifies size and digest while they stream.
 *
 * <p>What cannot be read is a {@link FailureException} that names the layer.
 */
public final class LayerContent {

  private static final int BUFFER = 128 << 10;

  private final BlobStore store;
  private final ImageSources sources;
  private final OneAtATime<Digest> fetching = new OneAtATime<>();

  /** The layers in a store, and those of base images that are not in it. */
  public LayerContent(BlobStore store, ImageSources sources) {
    this.store = requireNonNull(store, "store");
    this.sources = requireNonNull(sources, "sources");
  }

  /**
   * Fetches the layer into the store unless it is there. Callers that want the same layer at the
   * same time wait for one fetch.
   */
  public void ensureStored(Layer layer, Progress progress) throws InterruptedException {
    var digest = layer.blob().digest();
    try (var _ = fetching.take(digest)) {
      if (store.size(digest).isEmpty()) {
        fetch(layer, progress);
      }
    } catch (IOException broken) {
      throw unreadable(layer, broken);
    }
  }

  /** Reads a layer that {@link #ensureStored} put, or found, in the store. */
  public InputStream openStored(Layer layer) throws IOException {
    return store.open(layer.blob().digest());
  }

  /**
   * Writes the layer's bytes to a stream, exactly as many as its descriptor says.
   *
   * @throws IOException if the stream does not take them
   */
  public void copy(Layer layer, OutputStream to, Progress progress)
      throws IOException, InterruptedException {
    try (var from = new Source(layer, progress)) {
      from.copy(to);
    }
  }

  private void fetch(Layer layer, Progress progress) throws IOException, InterruptedException {
    try (var from = new Source(layer, progress)) {
      if (store.size(layer.blob().digest()).isPresent()) {
        // A step of the build has fetched it while we waited for our turn to read it.
        return;
      }
      try (var writer = store.create()) {
        from.copy(writer);
        writer.commit(layer.blob().digest(), layer.blob().size());
      }
    }
  }

  private InputStream open(Layer layer, Progress progress) throws IOException {
    var blob = layer.blob();
    if (store.size(blob.digest()).isPresent()) {
      return store.open(blob.digest());
    }
    if (layer.source().isEmpty()) {
      throw Failure.of(
              Failure.LAYER_MISSING,
              "layer " + blob.digest() + " was built but is not in the blob store any more",
              "Do not clean the work folder while a build is running.")
          .toException();
    }
    var fetched = sources.open(layer.source().get(), blob);
    return new Meter(Transfer.DOWNLOAD, blob.digest().toString(), blob.size(), progress)
        .reading(fetched);
  }

  private static RuntimeException unreadable(Layer layer, IOException broken)
      throws InterruptedException {
    Interruptions.rethrow(broken);
    if (broken instanceof RegistryException || broken instanceof StorageException) {
      return Reasons.failure("layer-unreadable", broken).toException(broken);
    }
    return Failure.of(
            "layer-unreadable",
            "cannot read layer " + layer.blob().digest() + ": " + Reasons.of(broken),
            "")
        .toException(broken);
  }

  /** The reading side of a copy, whose troubles must not be taken for the writing side's. */
  private final class Source implements AutoCloseable {
    private final Layer layer;
    private final InputStream stream;
    private long done;

    Source(Layer layer, Progress progress) throws InterruptedException {
      this.layer = layer;
      try {
        this.stream = open(layer, progress);
      } catch (IOException broken) {
        throw unreadable(layer, broken);
      }
    }

    void copy(OutputStream to) throws IOException, InterruptedException {
      var buffer = new byte[BUFFER];
      for (var count = read(buffer); count >= 0; count = read(buffer)) {
        to.write(buffer, 0, count);
      }
    }

    private int read(byte[] buffer) throws InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while reading " + layer.blob().digest());
      }
      try {
        var count = stream.read(buffer);
        done += Math.max(count, 0);
        var size = layer.blob().size();
        if (done > size || (count < 0 && done < size)) {
          throw new DigestMismatchException(layer.blob().digest(), size, done);
        }
        return count;
      } catch (IOException broken) {
        throw unreadable(layer, broken);
      }
    }

    @Override
    public void close() {
      try {
        stream.close();
      } catch (IOException late) {
        // Either all bytes were read and verified, or the first failure is the one to report.
        return;
      }
    }
  }
}
