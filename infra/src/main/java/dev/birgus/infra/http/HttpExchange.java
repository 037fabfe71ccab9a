package dev.birgus.infra.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request that is on its way, and its answer. */
public final class HttpExchange {

  private static final int PROXY_WANTS_CREDENTIALS = 407;

  private final HttpConnections connections;
  private final HttpRequest request;
  private final HttpRoute route;
  private final CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
  private volatile @Nullable HttpConnection used;

  private HttpExchange(HttpConnections connections, HttpRequest request, HttpRoute route) {
    this.connections = connections;
    this.request = request;
    this.route = route;
  }

  static HttpExchange start(HttpConnections connections, HttpRequest request, HttpRoute route) {
    var exchange = new HttpExchange(connections, request, route);
    Thread.ofVirtual().name("http-exchange").start(exchange::run);
    return exchange;
  }

  /**
   * Waits for the head of the answer.
   *
   * @throws TimeoutException if it has not come; one may wait again
   * @throws IOException if none will come
   */
  public HttpResponse await(Duration patience)
      throws IOException, InterruptedException, TimeoutException {
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (CancellationException given) {
      throw new IOException("the request was given up", given);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException broken
          ? broken
          : new IOException(String.valueOf(failed.getCause()), failed.getCause());
    }
  }

  /** Breaks it off. An answer that comes nevertheless is thrown away. */
  public void abandon() {
    if (answer.cancel(false)) {
      var connection = used;
      if (connection != null) {
        connection.close();
      }
    }
  }

  private void run() {
    try {
      var response = perform();
      if (!answer.complete(response)) {
        response.body().close();
      }
    } catch (IOException | RuntimeException failed) {
      answer.completeExceptionally(failed);
    }
  }

  private HttpResponse perform() throws IOException {
    var kept = connections.take(route);
    if (kept.isPresent()) {
      var connection = kept.get();
      var received = connection.source().received();
      try {
        return on(connection);
      } catch (IOException broken) {
        // The server may have closed it just now, and never have seen the request.
        if (!request.isRepeatable() || connection.source().received() > received || isGivenUp()) {
          throw broken;
        }
      }
    }
    var connection =
        HttpConnection.connect(route, connections.connect(), this::opened, connections::closed);
    try {
      if (route.secure()) {
        var refusal =
            route.proxy().isPresent()
                ? connection.tunnel(route.proxy().get(), connections.userAgent())
                : Optional.<ResponseHead>empty();
        if (refusal.isPresent()) {
          return refused(connection, refusal.get());
        }
        connection.secure(connections.tls());
      }
    } catch (IOException | RuntimeException failed) {
      connection.close();
      throw failed;
    }
    return on(connection);
  }

  private void opened(HttpConnection connection) {
    connections.opened(connection);
    use(connection);
  }

  private void use(HttpConnection connection) {
    used = connection;
    if (isGivenUp()) {
      connection.close();
    }
  }

  private boolean isGivenUp() {
    return answer.isCancelled();
  }

  /** There is no way to the server, only an answer of the proxy. */
  private static HttpResponse refused(HttpConnection connection, ResponseHead head)
      throws IOException {
    connection.close();
    if (head.status() != PROXY_WANTS_CREDENTIALS) {
      throw new IOException("Tunnel failed, got: " + head.status());
    }
    var nothing = HttpHeaders.of(Map.of(), (_, _) -> true);
    return new HttpResponse(head.status(), nothing, InputStream.nullInputStream());
  }

  private HttpResponse on(HttpConnection connection) throws IOException {
    use(connection);
    try {
      var sent =
          switch (request.body()) {
            case HttpRequest.Body.None _ -> whole(connection, new byte[0]);
            case HttpRequest.Body.Bytes(var bytes) -> whole(connection, bytes);
            case HttpRequest.Body.Stream(var content, var length) ->
                new Transmission(connection, head()).send(content, length);
          };
      return response(connection, sent);
    } catch (IOException | RuntimeException failed) {
      connection.close();
      throw failed;
    }
  }

  private Transmission.Sent whole(HttpConnection connection, byte[] body) throws IOException {
    var head = head();
    var both = new byte[head.length + body.length];
    System.arraycopy(head, 0, both, 0, head.length);
    System.arraycopy(body, 0, both, head.length, body.length);
    connection.write(both);
    return new Transmission.Sent(ResponseHead.read(connection.source()), true);
  }

  private HttpResponse response(HttpConnection connection, Transmission.Sent sent)
      throws IOException {
    var head = sent.answer();
    var framing = head.framing(request.method());
    var again =
        sent.complete() && head.isKept() && !(framing instanceof ResponseHead.Framing.Connection);
    var body =
        new ResponseBody(
            connection,
            framing,
            () -> {
              if (again) {
                connections.keep(connection);
              } else {
                connection.close();
              }
            });
    return new HttpResponse(head.status(), head.headers(), body);
  }

  private byte[] head() {
    var head = new StringBuilder();
    head.append(request.method()).append(' ').append(target()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(route.hostHeader()).append("\r\n");
    request.headers().forEach((name, value) -> header(head, name, value));
    if (route.isAskedByProxy()) {
      route
          .proxy()
          .flatMap(HttpRoute.Proxy::authorization)
          .ifPresent(shown -> header(head, "Proxy-Authorization", shown));
    }
    if (request.length() < 0) {
      header(head, "Transfer-Encoding", "chunked");
    } else if (request.length() > 0 || request.isExpectedToHaveBody()) {
      header(head, "Content-Length", Long.toString(request.length()));
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void header(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  private String target() {
    var uri = URI.create(request.uri().toASCIIString());
    var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    var origin = route.isAskedByProxy() ? "http://" + route.hostHeader() : "";
    return origin + path + query;
  }
}
