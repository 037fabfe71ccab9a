package dev.birgus.infra.registry;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.BulkInputStream;
import dev.birgus.infra.blobs.OneAtATime;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/**
 * Image sources that give each blob to one reader at a time. Who reads one puts it into the store;
 * who waits for it meanwhile reads it from there. So a process downloads a blob once, whoever wants
 * it: steps that need its files, and pushes that need its bytes.
 */
public final class SharedDownloads implements ImageSources {

  private final ImageSources sources;
  private final BlobStore store;
  private final OneAtATime<Digest> readers = new OneAtATime<>();

  /**
   * Sources to be shared.
   *
   * @param store where readers put what they have read to its end
   */
  public SharedDownloads(ImageSources sources, BlobStore store) {
    this.sources = requireNonNull(sources, "sources");
    this.store = requireNonNull(store, "store");
  }

  @Override
  public ResolvedImage resolve(String name, ImageSource source, Platform platform)
      throws IOException {
    return sources.resolve(name, source, platform);
  }

  @Override
  public InputStream open(ImageSource source, Descriptor blob) throws IOException {
    var turn = turn(blob.digest());
    try {
      if (store.size(blob.digest()).isPresent()) {
        turn.close();
        return store.open(blob.digest());
      }
      return new Reading(sources.open(source, blob), turn);
    } catch (IOException | RuntimeException failed) {
      turn.close();
      throw failed;
    }
  }

  private OneAtATime.Turn turn(Digest digest) throws IOException {
    try {
      return readers.take(digest);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another download of " + digest + " ran");
    }
  }

  /** A stream whose closing lets the next reader in. */
  private static final class Reading extends BulkInputStream {
    private final InputStream in;
    private final OneAtATime.Turn turn;

    Reading(InputStream in, OneAtATime.Turn turn) {
      this.in = in;
      this.turn = turn;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return in.read(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      try (turn) {
        in.close();
      }
    }
  }
}
