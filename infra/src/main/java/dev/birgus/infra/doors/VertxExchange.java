package dev.birgus.infra.doors;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A request of the server, for a thread that blocks. */
final class VertxExchange implements Exchange {

  private static final long PATIENCE_SECONDS = 60;
  private static final long FILE_PATIENCE_SECONDS = 3600;

  private final HttpServerRequest request;
  private final Map<String, String> parameters;
  private final RequestBody body;
  private volatile boolean gone;
  private boolean answered;

  /** An exchange that has just begun; called on its event loop. */
  VertxExchange(HttpServerRequest request, Map<String, String> parameters, Context context) {
    this.request = request;
    this.parameters = parameters;
    this.body = new RequestBody(request, context);
    request.response().closeHandler(_ -> gone = true);
    request.response().exceptionHandler(_ -> gone = true);
  }

  @Override
  public String parameter(String name) {
    var value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no {" + name + "}");
    }
    return value;
  }

  @Override
  public Optional<String> query(String name) {
    return Optional.ofNullable(request.getParam(name));
  }

  @Override
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  @Override
  public Optional<Long> bodyLength() {
    try {
      return header("content-length").map(Long::parseLong);
    } catch (NumberFormatException noNumber) {
      return Optional.empty();
    }
  }

  @Override
  public InputStream body(long limit) {
    return body.limitedTo(limit);
  }

  @Override
  public void header(String name, String value) {
    request.response().putHeader(name, value);
  }

  @Override
  public void respond(int status) throws IOException {
    begin(status);
    await(request.response().end());
    closeIfUnread();
  }

  @Override
  public void respond(int status, Json json) throws IOException {
    begin(status);
    header("content-type", "application/json");
    await(request.response().end(Buffer.buffer(JsonText.text(json) + "\n")));
    closeIfUnread();
  }

  @Override
  public OutputStream stream(int status, String contentType) throws IOException {
    begin(status);
    header("content-type", contentType);
    request.response().setChunked(true);
    await(request.response().writeHead());
    return new Answer();
  }

  @Override
  public void respond(int status, Path file, long offset, long length) throws IOException {
    begin(status);
    header("content-type", "application/octet-stream");
    header("content-length", Long.toString(length));
    // The server ends connections over which nothing goes; it is not for us to wait for less.
    await(
        length == 0
            ? request.response().end()
            : request.response().sendFile(file.toString(), offset, length),
        FILE_PATIENCE_SECONDS);
    closeIfUnread();
  }

  @Override
  public boolean isGone() {
    return gone;
  }

  /** Whether an answer has begun, so that there can be no other. */
  boolean isAnswered() {
    return answered;
  }

  /** Ends the connection in the middle of an answer, so that nobody takes it for whole. */
  void abort() {
    request.connection().close();
  }

  private void begin(int status) {
    if (answered) {
      throw new IllegalStateException("the request has its answer");
    }
    answered = true;
    request.response().setStatusCode(status);
    if (!body.isComplete()) {
      header("connection", "close");
    }
  }

  /** What was not read of a body would stand before the next request. */
  private void closeIfUnread() {
    if (!body.isComplete()) {
      request.connection().close();
    }
  }

  private static void await(Future<Void> done) throws IOException {
    await(done, PATIENCE_SECONDS);
  }

  private static void await(Future<Void> done, long seconds) throws IOException {
    try {
      done.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new IOException("the client has gone away", failed.getCause());
    } catch (TimeoutException stalled) {
      throw new IOException("the client takes nothing", stalled);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a request was answered");
    }
  }

  /** The body of an answer of unknown length. */
  private final class Answer extends OutputStream {
    private boolean closed;

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (gone) {
        throw new IOException("the client has gone away");
      }
      await(request.response().write(Buffer.buffer(length).appendBytes(bytes, offset, length)));
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        await(request.response().end());
        closeIfUnread();
      }
    }
  }
}
