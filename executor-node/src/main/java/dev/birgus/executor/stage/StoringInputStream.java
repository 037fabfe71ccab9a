package dev.birgus.executor.stage;

import dev.birgus.executor.layer.LayerStore.Progress;
import dev.birgus.infra.blobs.BlobStore.BlobWriter;
import dev.birgus.infra.oci.Descriptor;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Writes what is read to a blob store. The blob is there when the stream has been read to its end;
 * closed earlier, the stream leaves nothing.
 */
final class StoringInputStream extends FilterInputStream {

  private final BlobWriter writer;
  private final Descriptor blob;
  private final Progress progress;
  private long done;
  private boolean committed;

  StoringInputStream(InputStream in, BlobWriter writer, Descriptor blob, Progress progress) {
    super(in);
    this.writer = writer;
    this.blob = blob;
    this.progress = progress;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    var read = super.read(bytes, offset, length);
    if (read > 0) {
      writer.write(bytes, offset, read);
      done += read;
      progress.at(done);
    } else if (read < 0 && !committed) {
      writer.commit(blob.digest(), blob.size());
      committed = true;
    }
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    var skipped = readNBytes((int) Math.min(count, 8_192)).length;
    return skipped;
  }

  @Override
  public long transferTo(OutputStream out) throws IOException {
    // As InputStream has it, through read: the wrapped stream's own would go past us.
    var buffer = new byte[64 * 1024];
    var total = 0L;
    for (var read = read(buffer, 0, buffer.length);
        read >= 0;
        read = read(buffer, 0, buffer.length)) {
      out.write(buffer, 0, read);
      total += read;
    }
    return total;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void close() throws IOException {
    try (writer) {
      super.close();
    }
  }
}
