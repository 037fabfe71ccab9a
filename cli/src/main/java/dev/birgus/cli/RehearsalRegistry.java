package dev.birgus.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Just enough of a registry for {@link Rehearsal}: it takes what is pushed and gives it back, and
 * checks nothing.
 */
final class RehearsalRegistry implements AutoCloseable {

  private static final String TYPE = "Content-Type";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, byte[]> kept = new HashMap<>();
  private final Map<String, String> types = new HashMap<>();

  private RehearsalRegistry(HttpServer server) {
    this.server = server;
  }

  /** Starts one on a free port of loopback. */
  static RehearsalRegistry start() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var registry = new RehearsalRegistry(HttpServer.create(address, 0));
    registry.server.setExecutor(registry.threads);
    registry.server.createContext("/v2/", registry::answer);
    registry.server.start();
    return registry;
  }

  /** Host and port. */
  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      lock.lock();
      try {
        answer(exchange, exchange.getRequestURI().getPath(), body);
      } finally {
        lock.unlock();
      }
    }
  }

  private void answer(HttpExchange exchange, String path, byte[] body) throws IOException {
    switch (exchange.getRequestMethod()) {
      case "POST" -> upload(exchange, path + System.nanoTime());
      case "PATCH" -> {
        kept.put(path, body);
        upload(exchange, path);
      }
      case "PUT" -> put(exchange, path, body);
      case "DELETE" -> exchange.sendResponseHeaders(204, -1);
      default -> get(exchange, path);
    }
  }

  private static void upload(HttpExchange exchange, String path) throws IOException {
    exchange.getResponseHeaders().set("Location", path);
    exchange.sendResponseHeaders(202, -1);
  }

  private void put(HttpExchange exchange, String path, byte[] body) throws IOException {
    var query = exchange.getRequestURI().getQuery();
    if (query != null && query.contains("digest=")) {
      var digest = query.substring(query.indexOf("digest=") + "digest=".length());
      var name = path.substring(0, path.indexOf("/uploads/") + 1) + digest;
      kept.put(name, kept.getOrDefault(path, body));
    } else {
      var folder = path.substring(0, path.lastIndexOf('/') + 1);
      var type = exchange.getRequestHeaders().getFirst(TYPE);
      for (var name : new String[] {path, folder + Digest.sha256(body)}) {
        kept.put(name, body);
        types.put(name, type);
      }
    }
    exchange.sendResponseHeaders(201, -1);
  }

  private void get(HttpExchange exchange, String path) throws IOException {
    var body = path.equals("/v2/") ? new byte[0] : kept.get(path);
    if (body == null) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    exchange.getResponseHeaders().set(TYPE, types.getOrDefault(path, "application/octet-stream"));
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", "" + body.length);
      exchange.sendResponseHeaders(200, -1);
    } else {
      exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
