package dev.birgus.cli.remote;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalLong;

/** The blobs of a server, to put contexts there. What it has already is not sent again. */
final class RemoteBlobs implements BlobStore {

  private final RemoteServer server;
  private final Path folder;

  /**
   * Blobs of a server.
   *
   * @param folder where a blob is kept until it is there
   */
  RemoteBlobs(RemoteServer server, Path folder) {
    this.server = server;
    this.folder = folder;
  }

  @Override
  public OptionalLong size(Digest digest) throws IOException {
    throw new UnsupportedOperationException("the server says only whether it has a blob");
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    throw new NoSuchFileException(digest.toString(), null, "a server gives no blobs to clients");
  }

  @Override
  public BlobWriter create() throws IOException {
    return new Draft(Files.createTempFile(folder, "context-", ".tar"));
  }

  /** A blob in a file, on its way. */
  private final class Draft extends BlobWriter {
    private final Path file;
    private final OutputStream out;
    private final MessageDigest digest;
    private long size;

    Draft(Path file) throws IOException {
      this.file = file;
      this.out = Files.newOutputStream(file);
      try {
        this.digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException impossible) {
        throw new AssertionError("every JDK has SHA-256", impossible);
      }
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      digest.update(bytes, offset, length);
      size += length;
    }

    @Override
    public Digest commit() throws IOException {
      out.close();
      var name = Digest.parse("sha256:" + HexFormat.of().formatHex(digest.digest()));
      try {
        if (!server.hasBlob(name)) {
          server.upload(name, file);
        }
      } catch (InterruptedException cancelled) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("cancelled while the build context was uploaded");
      }
      return name;
    }

    @Override
    public void commit(Digest expected, long expectedSize) throws IOException {
      var written = size;
      var made = commit();
      if (!made.equals(expected) || written != expectedSize) {
        throw new DigestMismatchException(expected, made);
      }
    }

    @Override
    public void close() throws IOException {
      out.close();
      Files.deleteIfExists(file);
    }
  }
}
