package dev.birgus.pusher.samples;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;

/** Has one blob of any digest, of which it gives the first bytes, or none, and then no more. */
public final class StallingStore implements BlobStore {

  private final long size;
  private final boolean fromTheStart;
  private final CountDownLatch stalled = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  /** A store of a blob of this size. */
  public StallingStore(long size) {
    this(size, false);
  }

  private StallingStore(long size, boolean fromTheStart) {
    this.size = size;
    this.fromTheStart = fromTheStart;
  }

  /** A store of a blob of this size that does not give a byte of it. */
  public static StallingStore fromTheStart(long size) {
    return new StallingStore(size, true);
  }

  /** Waits until a reader waits. */
  public void awaitStalled() throws InterruptedException {
    stalled.await();
  }

  /** Lets the reader go on to an early end. */
  public void release() {
    released.countDown();
  }

  @Override
  public OptionalLong size(Digest digest) {
    return OptionalLong.of(size);
  }

  @Override
  public InputStream open(Digest digest) {
    return new StallingStream();
  }

  @Override
  public BlobWriter create() throws IOException {
    throw new IOException("nothing can be written here");
  }

  private final class StallingStream extends InputStream {
    private boolean begun;

    @Override
    public int read() throws IOException {
      return read(new byte[1], 0, 1) < 0 ? -1 : 0;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (!begun && !fromTheStart) {
        begun = true;
        return length;
      }
      stalled.countDown();
      try {
        released.await();
        return -1;
      } catch (InterruptedException ended) {
        throw new InterruptedIOException("reading was interrupted");
      }
    }
  }
}
