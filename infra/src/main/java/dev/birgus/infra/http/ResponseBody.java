package dev.birgus.infra.http;

import dev.birgus.infra.blobs.BulkInputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The body of an answer. What becomes of its connection is decided once, at its end or before. */
final class ResponseBody extends BulkInputStream {

  private static final int LONGEST_SIZE = 15;
  private static final int HEXADECIMAL = 16;

  private final HttpConnection connection;
  private final ResponseHead.Framing framing;
  private final Runnable whenRead;
  private long rest;
  private long received;
  private boolean begun;
  private final AtomicBoolean settled = new AtomicBoolean();
  private boolean ended;

  /**
   * A body that has not been read.
   *
   * @param whenRead run once, when its last byte has been read
   */
  ResponseBody(HttpConnection connection, ResponseHead.Framing framing, Runnable whenRead) {
    this.connection = connection;
    this.framing = framing;
    this.whenRead = whenRead;
    if (framing instanceof ResponseHead.Framing.Length(var bytes)) {
      rest = bytes;
      if (bytes == 0) {
        end();
      }
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (ended) {
      return -1;
    }
    if (length == 0) {
      return 0;
    }
    return switch (framing) {
      case ResponseHead.Framing.Length _ -> readRest(bytes, offset, length);
      case ResponseHead.Framing.Chunks _ -> readChunk(bytes, offset, length);
      case ResponseHead.Framing.Connection _ -> readAll(bytes, offset, length);
    };
  }

  private int readRest(byte[] bytes, int offset, int length) throws IOException {
    var n = some(bytes, offset, length);
    if (rest == 0) {
      end();
    }
    return n;
  }

  private int readChunk(byte[] bytes, int offset, int length) throws IOException {
    if (rest == 0) {
      rest = nextChunk();
      if (rest == 0) {
        ResponseHead.skipTrailers(connection.source());
        end();
        return -1;
      }
    }
    return some(bytes, offset, length);
  }

  private long nextChunk() throws IOException {
    var source = connection.source();
    if (begun && !source.line().isEmpty()) {
      throw new IOException("a piece of the answer is longer than it says");
    }
    begun = true;
    var line = source.line();
    var semicolon = line.indexOf(';');
    var size = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
    if (size.isEmpty() || size.length() > LONGEST_SIZE || !size.matches("[0-9a-fA-F]+")) {
      throw new IOException("a piece of the answer does not say how long it is");
    }
    return Long.parseLong(size, HEXADECIMAL);
  }

  private int some(byte[] bytes, int offset, int length) throws IOException {
    var n = connection.source().read(bytes, offset, (int) Math.min(length, rest));
    if (n < 0) {
      throw new IOException("the connection was closed after " + received + " bytes of the answer");
    }
    rest -= n;
    received += n;
    return n;
  }

  private int readAll(byte[] bytes, int offset, int length) throws IOException {
    var n = connection.source().read(bytes, offset, length);
    if (n < 0) {
      end();
    }
    return n;
  }

  private void end() {
    ended = true;
    if (settled.compareAndSet(false, true)) {
      whenRead.run();
    }
  }

  @Override
  public void close() {
    if (settled.compareAndSet(false, true)) {
      connection.close();
    }
  }
}
