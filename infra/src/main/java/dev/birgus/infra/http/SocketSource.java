package dev.birgus.infra.http;

import dev.birgus.infra.blobs.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;

/**
 * What comes out of a socket: lines while heads are read, and bytes, which go past the buffer as
 * soon as it is empty.
 */
final class SocketSource extends BulkInputStream {

  private static final int BUFFER = 16 << 10;
  private static final int LONGEST_LINE = 64 << 10;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;
  private volatile long received;

  SocketSource(InputStream in) {
    this.in = in;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (at == end) {
      return receive(bytes, offset, length);
    }
    var n = Math.min(length, end - at);
    System.arraycopy(buffer, at, bytes, offset, n);
    at += n;
    return n;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread reads, others only look at the count
  private int receive(byte[] bytes, int offset, int length) throws IOException {
    try {
      var n = in.read(bytes, offset, length);
      received += Math.max(0, n);
      return n;
    } catch (SSLException broken) {
      throw BrokenTls.told(broken);
    }
  }

  /** Whether bytes have come that nobody has read. */
  boolean isBuffered() {
    return at < end;
  }

  /** How many bytes have come so far. */
  long received() {
    return received;
  }

  /**
   * The next line, without its end.
   *
   * @throws IOException if it has no end, or is longer than any that makes sense
   */
  String line() throws IOException {
    var line = new StringBuilder();
    while (true) {
      if (at == end) {
        at = 0;
        end = Math.max(0, receive(buffer, 0, buffer.length));
        if (end == 0) {
          throw new IOException(
              line.isEmpty() ? "received no bytes of an answer" : "the answer ended in its head");
        }
      }
      var begin = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      line.append(new String(buffer, begin, at - begin, StandardCharsets.ISO_8859_1));
      if (line.length() > LONGEST_LINE) {
        throw new IOException("the answer has a line of more than " + LONGEST_LINE + " bytes");
      }
      if (at < end) {
        at++;
        var last = line.length() - 1;
        return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
      }
    }
  }
}
