package dev.birgus.infra.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Content on its way out: counts it, and remembers if it was the content that failed. */
final class UploadContent extends FilterInputStream {

  private volatile long count;
  private volatile boolean ended;
  private volatile @Nullable IOException failure;

  UploadContent(InputStream source) {
    super(source);
  }

  long count() {
    return count;
  }

  /**
   * Whether all has been read.
   *
   * @param length how much that is; negative if only the content knows
   */
  boolean isComplete(long length) {
    return ended || (length >= 0 && count >= length);
  }

  @Nullable IOException failure() {
    return failure;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread reads, others only look at the count
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      var n = in.read(buffer, offset, length);
      if (n > 0) {
        count += n;
      }
      ended |= n < 0;
      return n;
    } catch (IOException broken) {
      failure = broken;
      throw broken;
    }
  }
}
