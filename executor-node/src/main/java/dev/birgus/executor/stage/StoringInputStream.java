package dev.birgus.executor.stage;

import dev.birgus.executor.layer.LayerStore.Progress;
import dev.birgus.infra.blobs.BlobStore.BlobWriter;
import dev.birgus.infra.blobs.BulkInputStream;
import dev.birgus.infra.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;

/**
 * Writes what is read to a blob store. The blob is there when the stream has been read to its end;
 * closed earlier, the stream leaves nothing.
 */
final class StoringInputStream extends BulkInputStream {

  private final InputStream in;
  private final BlobWriter writer;
  private final Descriptor blob;
  private final Progress progress;
  private long done;
  private boolean committed;

  StoringInputStream(InputStream in, BlobWriter writer, Descriptor blob, Progress progress) {
    this.in = in;
    this.writer = writer;
    this.blob = blob;
    this.progress = progress;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    var read = in.read(bytes, offset, length);
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
  public void close() throws IOException {
    try (writer) {
      in.close();
    }
  }
}
