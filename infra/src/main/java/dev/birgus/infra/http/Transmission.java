package dev.birgus.infra.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body streams. The answer is waited for meanwhile: a server may refuse before it
 * has everything, and then the rest is not sent.
 */
final class Transmission {

  private static final int BUFFER = 128 << 10;

  /** Room for the size of a piece before it, and for the end of a line behind it. */
  private static final int BEFORE = 10;

  private static final int BEHIND = 2;
  private static final byte[] LAST = "0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  /** How long an answer is waited for when nothing more can be sent. */
  private static final long LAST_WORD_MILLISECONDS = 1_000;

  private final HttpConnection connection;
  private final byte[] head;
  private final FutureTask<ResponseHead> answer;
  private @Nullable IOException broken;

  Transmission(HttpConnection connection, byte[] head) {
    this.connection = connection;
    this.head = head;
    this.answer = new FutureTask<>(() -> ResponseHead.read(connection.source()));
  }

  /**
   * What came of it.
   *
   * @param complete whether all was sent, so that the connection is in step
   */
  record Sent(ResponseHead answer, boolean complete) {}

  /**
   * Sends it all.
   *
   * @param length of the content; negative if that shows when it ends
   * @throws IOException also if the content cannot be read, or has not that length
   */
  Sent send(InputStream content, long length) throws IOException {
    Thread.ofVirtual().name("http-answer").start(answer);
    write(head, 0, head.length);
    var complete = length < 0 ? chunks(content) : bytes(content, length);
    var failure = broken;
    return failure == null ? new Sent(answered(), complete) : new Sent(lastWord(failure), false);
  }

  private boolean bytes(InputStream content, long length) throws IOException {
    var buffer = new byte[Math.clamp(length, 1, BUFFER)];
    var rest = length;
    while (rest > 0) {
      var n = content.read(buffer, 0, (int) Math.min(buffer.length, rest));
      if (n < 0) {
        throw new IOException("the content ended " + rest + " bytes before its end");
      }
      if (!write(buffer, 0, n)) {
        return false;
      }
      rest -= n;
    }
    return true;
  }

  private boolean chunks(InputStream content) throws IOException {
    var buffer = new byte[BEFORE + BUFFER + BEHIND];
    while (true) {
      var n = content.read(buffer, BEFORE, BUFFER);
      if (n < 0) {
        return write(LAST, 0, LAST.length);
      }
      var size = (Integer.toHexString(n) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
      var begin = BEFORE - size.length;
      System.arraycopy(size, 0, buffer, begin, size.length);
      buffer[BEFORE + n] = '\r';
      buffer[BEFORE + n + 1] = '\n';
      if (n > 0 && !write(buffer, begin, size.length + n + BEHIND)) {
        return false;
      }
    }
  }

  /** Whether to go on. */
  private boolean write(byte[] bytes, int offset, int length) {
    if (broken != null || answer.isDone()) {
      return false;
    }
    try {
      connection.write(bytes, offset, length);
      return true;
    } catch (IOException failed) {
      broken = failed;
      return false;
    }
  }

  private ResponseHead answered() throws IOException {
    try {
      return answer.get();
    } catch (ExecutionException failed) {
      throw cause(failed);
    } catch (InterruptedException interrupted) {
      throw new IOException("interrupted", interrupted);
    }
  }

  /** A server that breaks off may have said why. */
  private ResponseHead lastWord(IOException failure) throws IOException {
    try {
      return answer.get(LAST_WORD_MILLISECONDS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException nothing) {
      throw failure;
    } catch (InterruptedException interrupted) {
      throw new IOException("interrupted", interrupted);
    }
  }

  private static IOException cause(ExecutionException failed) {
    return failed.getCause() instanceof IOException broken
        ? broken
        : new IOException(String.valueOf(failed.getCause()), failed.getCause());
  }
}
