package dev.birgus.ingest.context;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Limits what is read between two entries of a tar: a long name or an extended header is held in
 * memory whole, so a small archive could otherwise ask for gigabytes.
 */
final class HeaderBudget extends FilterInputStream {

  private static final long HEADER_BYTES = 1 << 20;

  private long left = HEADER_BYTES;
  private boolean inHeader = true;

  HeaderBudget(InputStream in) {
    super(in);
  }

  void beginHeader() {
    inHeader = true;
    left = HEADER_BYTES;
  }

  void beginContent() {
    inHeader = false;
  }

  @Override
  public int read() throws IOException {
    var one = super.read();
    spend(one < 0 ? 0 : 1);
    return one;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    var count = super.read(bytes, offset, length);
    spend(Math.max(count, 0));
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    var skipped = super.skip(count);
    spend(skipped);
    return skipped;
  }

  private void spend(long count) throws IOException {
    if (inHeader) {
      left -= count;
      if (left < 0) {
        throw new IOException("the header of an entry is larger than " + HEADER_BYTES + " bytes");
      }
    }
  }
}
