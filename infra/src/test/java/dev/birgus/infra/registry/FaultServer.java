package dev.birgus.infra.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A server on loopback that answers as it is told, also badly, and remembers what it was asked. */
final class FaultServer implements AutoCloseable {

  /** What to do with one request. */
  interface Reply {
    void to(HttpExchange exchange) throws IOException;
  }

  /** A request that came. */
  record Asked(String method, String uri, String authorization, int bodySize, String range) {}

  private final HttpServer server;
  private final Map<String, Deque<Reply>> replies = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  FaultServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
    on("GET /v2/", status(200));
  }

  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  List<Asked> asked() {
    return asked.stream().filter(each -> !each.uri().equals("/v2/")).toList();
  }

  /** Answers requests of this method and path one after the other; the last reply stays. */
  FaultServer on(String methodAndPath, Reply... inOrder) {
    replies.put(methodAndPath, new ConcurrentLinkedDeque<>(new ArrayDeque<>(List.of(inOrder))));
    return this;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = exchange.getRequestHeaders();
      var body = exchange.getRequestBody().readAllBytes();
      asked.add(
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              headers.getOrDefault("Authorization", List.of("")).getFirst(),
              body.length,
              headers.getOrDefault("Range", List.of("")).getFirst()));
      var queue =
          replies.get(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
      if (queue == null) {
        status(404).to(exchange);
        return;
      }
      var reply = queue.size() > 1 ? queue.removeFirst() : queue.getFirst();
      reply.to(exchange);
    }
  }

  static Reply status(int status, String... headers) {
    return bytes(status, new byte[0], headers);
  }

  static Reply bytes(int status, byte[] body, String... headers) {
    return exchange -> {
      for (var i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    };
  }

  /** Promises the whole body, and breaks the connection after a part of it. */
  static Reply cut(byte[] body, int after) {
    return exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body, 0, after);
      exchange.getResponseBody().flush();
      throw new IOException("cut on purpose");
    };
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
