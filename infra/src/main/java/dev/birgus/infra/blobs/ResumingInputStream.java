package dev.birgus.infra.blobs;

import static java.util.Objects.requireNonNull;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A blob that is read from far away, and goes on where it was cut. It ends after the promised
 * number of bytes, and never before: what is not verified here has at least the right length.
 */
public final class ResumingInputStream extends BulkInputStream {

  private final Source source;
  private final long size;
  private final int attempts;
  private long position;
  private int failures;
  private @Nullable InputStream open;

  /** Opens a blob in the middle. */
  public interface Source {
    /**
     * Opens it from here on.
     *
     * @param offset of the first byte wanted, less than the size
     */
    InputStream openAt(long offset) throws IOException;
  }

  /**
   * Reads a blob.
   *
   * @param size in bytes, 0 or more
   * @param attempts how often in a row reading may bring nothing before it fails, at least 1
   */
  public ResumingInputStream(Source source, long size, int attempts) {
    this.source = requireNonNull(source, "source");
    this.size = size;
    this.attempts = attempts;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    while (position < size && length > 0) {
      try {
        var count = stream().read(bytes, offset, (int) Math.min(length, size - position));
        if (count < 0) {
          throw new EOFException("cut after " + position + " of " + size + " bytes");
        }
        position += count;
        failures = count > 0 ? 0 : failures;
        return count;
      } catch (StorageException known) {
        throw known;
      } catch (IOException cut) {
        afterwards(cut);
      }
    }
    return length == 0 ? 0 : -1;
  }

  private InputStream stream() throws IOException {
    var there = open;
    if (there == null) {
      there = source.openAt(position);
      open = there;
    }
    return there;
  }

  private void afterwards(IOException cut) throws IOException {
    failures++;
    try {
      close();
    } catch (IOException alsoBroken) {
      cut.addSuppressed(alsoBroken);
    }
    // A timeout is one of these too, and means that the other side should be asked again.
    var interrupted =
        cut instanceof InterruptedIOException && !(cut instanceof SocketTimeoutException);
    if (failures >= attempts || interrupted || Thread.currentThread().isInterrupted()) {
      throw cut;
    }
  }

  @Override
  public void close() throws IOException {
    var there = open;
    open = null;
    if (there != null) {
      there.close();
    }
  }
}
