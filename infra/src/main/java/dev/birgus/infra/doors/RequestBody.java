package dev.birgus.infra.doors;

import dev.birgus.infra.contracts.Failure;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of a request for a thread that blocks. The connection is asked for the next bytes when
 * the ones before have been read, so that no more than a few buffers are ever held.
 */
final class RequestBody extends InputStream {

  private static final long PATIENCE_SECONDS = 60;

  /** What comes from the connection. */
  private sealed interface Arrival {
    record Bytes(Buffer buffer) implements Arrival {}

    record End() implements Arrival {}

    record Broken() implements Arrival {}
  }

  private final HttpServerRequest request;
  private final Context context;
  private final BlockingQueue<Arrival> arrived = new LinkedBlockingQueue<>();
  private volatile boolean complete;
  private byte[] current = new byte[0];
  private int at;
  private long left = Long.MAX_VALUE;
  private boolean ended;

  /** The body of a request that has just come; called on its event loop. */
  RequestBody(HttpServerRequest request, Context context) {
    this.request = request;
    this.context = context;
    if (isMissing(request)) {
      complete = true;
      ended = true;
      return;
    }
    request.pause();
    request.handler(buffer -> arrived.add(new Arrival.Bytes(buffer)));
    request.endHandler(_ -> {
      complete = true;
      arrived.add(new Arrival.End());
    });
    request.exceptionHandler(_ -> arrived.add(new Arrival.Broken()));
  }

  private static boolean isMissing(HttpServerRequest request) {
    var length = request.getHeader("content-length");
    return request.getHeader("transfer-encoding") == null && (length == null || length.equals("0"));
  }

  RequestBody limitedTo(long limit) {
    left = limit;
    return this;
  }

  /** Whether all of it has come, so that the connection can take the next request. */
  boolean isComplete() {
    return complete;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (at == current.length) {
      if (ended) {
        return -1;
      }
      next();
    }
    var count = Math.min(length, current.length - at);
    System.arraycopy(current, at, target, offset, count);
    at += count;
    return count;
  }

  private void next() throws IOException {
    context.runOnContext(_ -> {
      // Once all has come there is nothing to ask for, and asking is a mistake.
      if (!complete) {
        request.fetch(1);
      }
    });
    switch (take()) {
      case Arrival.Bytes(var buffer) -> {
        left -= buffer.length();
        if (left < 0) {
          throw new RefusedRequest(
              413,
              Failure.of(
                  "body-too-large",
                  "the body of the request is larger than this server takes",
                  "What it takes is a setting of the server."));
        }
        current = buffer.getBytes();
        at = 0;
      }
      case Arrival.End() -> ended = true;
      case Arrival.Broken() -> throw new IOException("the client broke off its request");
    }
  }

  private Arrival take() throws IOException {
    try {
      var next = arrived.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new RefusedRequest(
            408,
            Failure.of(
                "body-stalled",
                "nothing came of the request's body for " + PATIENCE_SECONDS + " s",
                "Try again."));
      }
      return next;
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a request was read");
    }
  }
}
