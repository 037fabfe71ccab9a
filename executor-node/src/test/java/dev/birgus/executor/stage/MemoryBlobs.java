package dev.birgus.executor.stage;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** A blob store in memory. */
public final class MemoryBlobs implements BlobStore {

  private final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();

  @Override
  public OptionalLong size(Digest digest) {
    var bytes = blobs.get(digest);
    return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    var bytes = blobs.get(digest);
    if (bytes == null) {
      throw new NoSuchFileException(digest.toString());
    }
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public BlobWriter create() {
    return new Writer(blobs);
  }

  private static final class Writer extends BlobWriter {

    private final Map<Digest, byte[]> blobs;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Writer(Map<Digest, byte[]> blobs) {
      this.blobs = blobs;
    }

    @Override
    public void write(int value) {
      bytes.write(value);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      bytes.write(buffer, offset, length);
    }

    @Override
    public Digest commit() {
      var digest = Digest.sha256(bytes.toByteArray());
      blobs.put(digest, bytes.toByteArray());
      return digest;
    }

    @Override
    public void commit(Digest expected, long size) throws IOException {
      var actual = Digest.sha256(bytes.toByteArray());
      if (!actual.equals(expected)) {
        throw new DigestMismatchException(expected, actual);
      }
      blobs.put(expected, bytes.toByteArray());
    }
  }
}
