package dev.birgus.infra.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * Content that is read once, while it is sent. What is cut short is not brought to a proper end: it
 * could be taken for the whole.
 */
final class StreamEntity extends AbstractHttpEntity {

  private static final int BUFFER = 128 << 10;

  private final InputStream content;
  private final long length;
  private final Runnable giveUp;
  private volatile boolean sent;
  private volatile @Nullable IOException failure;

  /**
   * Content that has not been sent.
   *
   * @param length of the content; negative if that shows when it ends
   * @param giveUp breaks the connection
   */
  StreamEntity(InputStream content, long length, Runnable giveUp) {
    super((String) null, null, length < 0);
    this.content = content;
    this.length = length;
    this.giveUp = giveUp;
  }

  /** Whether all of it is on its way. */
  boolean isSent() {
    return sent;
  }

  /** Why the content could not be read, if that is what happened. */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    var buffer = new byte[length < 0 ? BUFFER : Math.clamp(length, 1, BUFFER)];
    var rest = length < 0 ? Long.MAX_VALUE : length;
    while (rest > 0) {
      var n = read(buffer, (int) Math.min(buffer.length, rest));
      if (n < 0) {
        break;
      }
      if (!write(out, buffer, n)) {
        return;
      }
      rest -= n;
    }
    if (length > 0 && rest > 0) {
      throw failed(new IOException("the content ended " + rest + " bytes before its end"));
    }
    sent = true;
  }

  private int read(byte[] buffer, int wanted) throws IOException {
    try {
      return content.read(buffer, 0, wanted);
    } catch (IOException unreadable) {
      throw failed(unreadable);
    }
  }

  /** The connection is broken first: the library would write the end of what has none. */
  private IOException failed(IOException unreadable) {
    failure = unreadable;
    giveUp.run();
    return unreadable;
  }

  /** Whether to go on: a server that breaks off may have answered, and that is read then. */
  private boolean write(OutputStream out, byte[] bytes, int n) throws IOException {
    try {
      out.write(bytes, 0, n);
      return true;
    } catch (IOException broken) {
      if (length < 0) {
        // Without it the library would write the end of what has none.
        throw broken;
      }
      return false;
    }
  }

  @Override
  public long getContentLength() {
    return length;
  }

  @Override
  public boolean isRepeatable() {
    return false;
  }

  @Override
  public boolean isStreaming() {
    return !sent;
  }

  @Override
  public InputStream getContent() {
    return content;
  }

  @Override
  public void close() {
    // Whose content it is closes it.
  }
}
