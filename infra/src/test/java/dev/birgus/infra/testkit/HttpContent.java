package dev.birgus.infra.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** How long the content of a message is, and how that is told on the wire (RFC 9112, section 6). */
sealed interface HttpContent {

  /** Of a length told before; 0 for none. */
  record Sized(long length) implements HttpContent {}

  /** In pieces, each with its length, and one of length 0 as the last. */
  record Chunked() implements HttpContent {}

  /** Until the connection ends. */
  record UntilClosed() implements HttpContent {}

  static HttpContent ofRequest(HttpHead head) {
    return isChunked(head) ? new Chunked() : new Sized(length(head, 0));
  }

  static HttpContent ofAnswer(HttpHead head, String method) {
    var status = head.word(1);
    if (method.equals("HEAD") || status.equals("204") || status.equals("304")) {
      return new Sized(0);
    }
    if (isChunked(head)) {
      return new Chunked();
    }
    var length = length(head, -1);
    return length < 0 ? new UntilClosed() : new Sized(length);
  }

  private static boolean isChunked(HttpHead head) {
    return head.field("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent();
  }

  private static long length(HttpHead head, long otherwise) {
    return head.field("Content-Length").map(Long::parseLong).orElse(otherwise);
  }

  /** The content alone; the stream ends where the content does. */
  default InputStream decoded(InputStream wire) {
    return switch (this) {
      case Sized(var length) -> new SizedStream(wire, length);
      case Chunked _ -> new ChunkedStream(wire);
      case UntilClosed _ -> wire;
    };
  }

  /** Writes a piece of the content. */
  default void write(OutputStream wire, byte[] bytes, int length) throws IOException {
    if (this instanceof Chunked) {
      wire.write((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
      wire.write(bytes, 0, length);
      wire.write("\r\n".getBytes(ISO_8859_1));
    } else {
      wire.write(bytes, 0, length);
    }
  }

  /** Writes what has to follow the last piece. */
  default void finish(OutputStream wire) throws IOException {
    if (this instanceof Chunked) {
      wire.write("0\r\n\r\n".getBytes(ISO_8859_1));
    }
    wire.flush();
  }

  /** Content of a known length. */
  final class SizedStream extends InputStream {
    private final InputStream wire;
    private long left;

    SizedStream(InputStream wire, long length) {
      this.wire = wire;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      var n = wire.read(buffer, offset, (int) Math.min(length, left));
      if (n < 0) {
        throw new EOFException("cut with " + left + " bytes to come");
      }
      left -= n;
      return n;
    }
  }

  /** Content in pieces. */
  final class ChunkedStream extends InputStream {
    private final InputStream wire;
    private long left;
    private boolean ended;

    ChunkedStream(InputStream wire) {
      this.wire = wire;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0 && !ended) {
        left = Long.parseLong(line().replaceAll(";.*", ""), 16);
        ended = left == 0;
        if (ended) {
          line();
        }
      }
      if (ended) {
        return -1;
      }
      var n = wire.read(buffer, offset, (int) Math.min(length, left));
      if (n < 0) {
        throw new EOFException("cut in a chunk");
      }
      left -= n;
      if (left == 0) {
        line();
      }
      return n;
    }

    private String line() throws IOException {
      var text = new StringBuilder();
      for (var next = wire.read(); next != '\n'; next = wire.read()) {
        if (next < 0) {
          throw new EOFException("cut between chunks");
        }
        if (next != '\r') {
          text.append((char) next);
        }
      }
      return text.toString();
    }
  }
}
