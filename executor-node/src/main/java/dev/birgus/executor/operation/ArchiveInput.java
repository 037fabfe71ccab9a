package dev.birgus.executor.operation;

import dev.birgus.infra.contracts.Failure;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;

/**
 * The bytes of an archive of a build. That they cannot be unpacked is the archive's fault and said
 * as {@code archive-broken}; only what the file system reports is a lost resource.
 */
final class ArchiveInput extends FilterInputStream {

  private final String name;

  /**
   * Reads what the other stream unpacks.
   *
   * @param name of the archive, for messages
   */
  ArchiveInput(InputStream unpacked, String name) {
    super(unpacked);
    this.name = name;
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (IOException failed) {
      throw broken(failed);
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return super.read(bytes, offset, length);
    } catch (IOException failed) {
      throw broken(failed);
    }
  }

  @Override
  public long skip(long count) throws IOException {
    try {
      return super.skip(count);
    } catch (IOException failed) {
      throw broken(failed);
    }
  }

  private RuntimeException broken(IOException failed) throws IOException {
    if (failed instanceof FileSystemException) {
      throw failed;
    }
    return Failure.of(
            "archive-broken",
            "the archive " + name + " cannot be unpacked: " + failed.getMessage(),
            "make it again; it is damaged or not complete")
        .toException(failed);
  }
}
