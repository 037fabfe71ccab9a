package dev.birgus.executor.layer;

import dev.birgus.infra.blobs.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Reads one entry's content in a layer. Its last byte comes when the rest of the layer has been
 * read too and was what it must be.
 */
final class EntryInputStream extends BulkInputStream {

  private final InputStream layer;
  private final TarReader tar;
  private long left;

  EntryInputStream(InputStream layer, TarReader tar, long size) {
    this.layer = layer;
    this.tar = tar;
    this.left = size;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    var read = tar.read(bytes, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw new IOException("a file of a layer is shorter than its index says");
    }
    left -= read;
    if (left == 0) {
      var rest = new byte[64 * 1024];
      int more;
      do {
        more = layer.read(rest, 0, rest.length);
      } while (more >= 0);
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    layer.close();
  }
}
