package dev.birgus.infra.testkit;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps blobs in memory. */
public final class InMemoryBlobStore implements BlobStore {

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

  /** Puts a blob in without ado. */
  public Digest add(byte[] bytes) {
    var digest = Digest.sha256(bytes);
    blobs.put(digest, bytes.clone());
    return digest;
  }

  /** What the store holds. */
  public Set<Digest> digests() {
    return Set.copyOf(blobs.keySet());
  }

  @Override
  public BlobWriter create() {
    return new BufferedBlobWriter();
  }

  private final class BufferedBlobWriter extends BlobWriter {
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private boolean done;

    @Override
    public void write(int b) throws IOException {
      refuseWhenDone();
      buffer.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      refuseWhenDone();
      buffer.write(bytes, offset, length);
    }

    @Override
    public Digest commit() throws IOException {
      refuseWhenDone();
      done = true;
      return add(buffer.toByteArray());
    }

    @Override
    public void commit(Digest expected, long size) throws IOException {
      refuseWhenDone();
      done = true;
      var bytes = buffer.toByteArray();
      if (bytes.length != size) {
        throw new DigestMismatchException(expected, size, bytes.length);
      }
      var hash = expected.newComputation().digest(bytes);
      var actual = new Digest(expected.algorithm(), HexFormat.of().formatHex(hash));
      if (!actual.equals(expected)) {
        throw new DigestMismatchException(expected, actual);
      }
      blobs.put(expected, bytes);
    }

    private void refuseWhenDone() throws IOException {
      if (done) {
        throw new IOException("the blob is already committed or closed");
      }
    }

    @Override
    public void close() {
      done = true;
    }
  }
}
