package dev.birgus.infra.blobs;

import java.io.IOException;
import java.io.InputStream;

/**
 * A stream that is read by many bytes at a time. All other ways of reading, skipping and copying go
 * through that one, so that whoever watches it misses nothing.
 */
public abstract class BulkInputStream extends InputStream {

  /** Reads one byte, as a read of one. */
  @Override
  public final int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public abstract int read(byte[] bytes, int offset, int length) throws IOException;
}
