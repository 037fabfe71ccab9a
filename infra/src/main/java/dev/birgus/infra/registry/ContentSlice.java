package dev.birgus.infra.registry;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Some bytes of a blob.
 *
 * @param from the first of them
 * @param to the one after the last
 */
record ContentSlice(Registry.BlobContent whole, long from, long to)
    implements Registry.BlobContent {

  ContentSlice {
    requireNonNull(whole, "whole");
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no range: " + from + " to " + to);
    }
  }

  long length() {
    return to - from;
  }

  @Override
  public InputStream open() throws IOException {
    var source = whole.open();
    try {
      source.skipNBytes(from);
      return new Bounded(source, length());
    } catch (IOException broken) {
      source.close();
      throw broken;
    }
  }

  private static final class Bounded extends BulkInputStream {
    private final InputStream source;
    private long left;

    Bounded(InputStream source, long length) {
      this.source = source;
      this.left = length;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      var n = source.read(buffer, offset, (int) Math.min(length, left));
      left -= Math.max(0, n);
      return n;
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }
}
