package dev.birgus.pusher.archive;

import dev.birgus.infra.blobs.BulkInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The first bytes of a stream, which must have so many. */
final class LimitedInputStream extends BulkInputStream {

  private final InputStream in;
  private long left;

  LimitedInputStream(InputStream in, long length) {
    this.in = in;
    this.left = length;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0) {
      return length == 0 ? 0 : -1;
    }
    var count = in.read(bytes, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new EOFException("the archive ends in the middle of a file");
    }
    left -= count;
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
