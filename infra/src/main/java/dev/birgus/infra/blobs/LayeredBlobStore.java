package dev.birgus.infra.blobs;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.util.OptionalLong;

/**
 * A node's own blobs, and behind them those it shares with other nodes. A blob made here can be had
 * by the others before its digest is known to anybody; a blob of another node is fetched whole,
 * verified and kept before it is read, so that nobody reads bytes that turn out wrong.
 *
 * <p>Threads of this process fetch a blob once; processes that share the own store may each fetch
 * it, and keep one.
 */
public final class LayeredBlobStore implements BlobStore {

  private final BlobStore own;
  private final SharedBlobs shared;
  private final OneAtATime<Digest> fetches = new OneAtATime<>();

  /** A node's own store with what it shares; neither is closed here. */
  public LayeredBlobStore(BlobStore own, SharedBlobs shared) {
    this.own = requireNonNull(own, "own");
    this.shared = requireNonNull(shared, "shared");
  }

  @Override
  public OptionalLong size(Digest digest) throws IOException {
    var here = own.size(digest);
    return here.isPresent() ? here : shared.size(digest);
  }

  /**
   * Reads a blob, from another node if need be.
   *
   * @throws NoSuchFileException if nobody has got it
   */
  @Override
  public InputStream open(Digest digest) throws IOException {
    if (own.size(digest).isEmpty()) {
      fetch(digest);
    }
    return own.open(digest);
  }

  private void fetch(Digest digest) throws IOException {
    try (var _ = fetches.take(digest)) {
      if (own.size(digest).isEmpty() && !shared.fetch(digest, own)) {
        throw new NoSuchFileException(digest.toString());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another fetched " + digest);
    }
  }

  @Override
  public BlobWriter create() throws IOException {
    return new PublishingWriter(own.create());
  }

  /** What can be had elsewhere again need not be shared. */
  @Override
  public BlobWriter createCopy() throws IOException {
    return own.createCopy();
  }

  /** Shares what it has written. */
  private final class PublishingWriter extends BlobWriter {
    private final BlobWriter writer;

    PublishingWriter(BlobWriter writer) {
      this.writer = writer;
    }

    @Override
    public void write(int b) throws IOException {
      writer.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      writer.write(bytes, offset, length);
    }

    @Override
    public Digest commit() throws IOException {
      var digest = writer.commit();
      shared.publish(digest, own);
      return digest;
    }

    @Override
    public void commit(Digest expected, long size) throws IOException {
      writer.commit(expected, size);
      shared.publish(expected, own);
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }
}
