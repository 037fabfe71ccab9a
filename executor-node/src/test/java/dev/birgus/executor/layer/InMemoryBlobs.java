package dev.birgus.executor.layer;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** Blobs on the heap. */
final class InMemoryBlobs implements BlobStore, LayerStore.BlobReader {

  private final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();

  byte[] bytes(Digest digest) throws IOException {
    var bytes = blobs.get(digest);
    if (bytes == null) {
      throw new NoSuchFileException(digest.toString());
    }
    return bytes;
  }

  Digest put(byte[] bytes) {
    var digest = Digest.sha256(bytes);
    blobs.put(digest, bytes);
    return digest;
  }

  int count() {
    return blobs.size();
  }

  @Override
  public OptionalLong size(Digest digest) {
    var bytes = blobs.get(digest);
    return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    return new ByteArrayInputStream(bytes(digest));
  }

  @Override
  public InputStream open(Layer layer) throws IOException {
    return open(layer.blob().digest());
  }

  @Override
  public BlobWriter create() {
    return new BlobWriter() {
      private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      private boolean closed;

      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] b, int offset, int length) throws IOException {
        if (closed) {
          throw new IOException("closed");
        }
        bytes.write(b, offset, length);
      }

      @Override
      public Digest commit() throws IOException {
        if (closed) {
          throw new IOException("closed");
        }
        return put(bytes.toByteArray());
      }

      @Override
      public void commit(Digest expected, long size) throws IOException {
        var actual = Digest.sha256(bytes.toByteArray());
        if (!actual.equals(expected)) {
          throw new DigestMismatchException(expected, actual);
        }
        commit();
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }
}
