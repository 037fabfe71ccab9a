package dev.birgus.infra.blobs;

import java.util.zip.Deflater;

/** The zlib that comes with the JDK: there on every machine, and the same bytes on all. */
final class JdkDeflater implements BlockDeflater {

  private final Deflater deflater;

  /** Deflates at this level, 1 to 9. */
  JdkDeflater(int level) {
    if (level < 1 || level > 9) {
      throw new IllegalArgumentException("level " + level);
    }
    deflater = new Deflater(level, true);
  }

  @Override
  public int deflate(byte[] plain, int size, byte[] packed) {
    deflater.reset();
    deflater.setInput(plain, 0, size);
    var length = deflater.deflate(packed, 0, packed.length, Deflater.SYNC_FLUSH);
    if (length == packed.length) {
      // A full buffer would put a second flush into it.
      throw new IllegalStateException("a block grew by an eighth");
    }
    return length;
  }

  @Override
  public void close() {
    deflater.end();
  }
}
