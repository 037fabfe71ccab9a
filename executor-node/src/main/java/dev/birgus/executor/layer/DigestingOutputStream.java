package dev.birgus.executor.layer;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;

/** Feeds a digest with what is written, and tells how much it was. */
final class DigestingOutputStream extends FilterOutputStream {

  private static final long STEP = 1 << 20;

  private final MessageDigest digest;
  private final LayerStore.Progress progress;
  private long count;
  private long told;

  DigestingOutputStream(OutputStream out, MessageDigest digest, LayerStore.Progress progress) {
    super(out);
    this.digest = digest;
    this.progress = progress;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    digest.update(bytes, offset, length);
    out.write(bytes, offset, length);
    count += length;
    if (count - told >= STEP) {
      told = count;
      progress.at(count);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
    progress.at(count);
  }
}
