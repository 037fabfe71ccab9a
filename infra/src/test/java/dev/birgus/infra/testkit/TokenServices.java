package dev.birgus.infra.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.birgus.infra.credentials.Connections;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/**
 * Stand-ins for the token services of clouds, on loopback. As {@link Connections} they lead every
 * address of a host they know here; any other host does not exist.
 */
public final class TokenServices implements Connections, AutoCloseable {

  private static final String REAL_HOST = "X-Real-Host";

  /**
   * A request that came.
   *
   * @param address with the host that was meant
   * @param headers first value by name in lower case
   */
  public record Asked(String method, String address, Map<String, String> headers, String body) {

    /** The values of a parameter of the query. */
    public List<String> parameters(String name) {
      var result = new ArrayList<String>();
      var mark = address.indexOf('?');
      for (var pair : address.substring(mark + 1).split("&")) {
        if (pair.startsWith(name + "=")) {
          result.add(URLDecoder.decode(pair.substring(name.length() + 1), UTF_8));
        }
      }
      return result;
    }

    /** A field of the form that was sent. */
    public String field(String name) {
      for (var pair : body.split("&")) {
        if (pair.startsWith(name + "=")) {
          return URLDecoder.decode(pair.substring(name.length() + 1), UTF_8);
        }
      }
      return "";
    }
  }

  /** An answer with JSON. */
  public record Answer(int status, String json) {}

  private final HttpServer server;
  private final String scheme;
  private final Map<String, Function<Asked, Answer>> services = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  /** Services that know no host yet. */
  public TokenServices() throws IOException {
    this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), "http");
  }

  /** Services that speak TLS and know no host yet. */
  public static TokenServices withTls(SSLContext tls) throws IOException {
    var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new TokenServices(server, "https");
  }

  private TokenServices(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  /** Answers for a host from now on. */
  public TokenServices on(String host, Function<Asked, Answer> service) {
    services.put(host, service);
    return this;
  }

  /** Answers every request to a host with this JSON. */
  public TokenServices on(String host, String json) {
    return on(host, _ -> new Answer(200, json));
  }

  /** Host and port, for what cannot be led here by name. */
  public String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** What was asked so far. */
  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  @Override
  public HttpURLConnection open(URI address) throws IOException {
    if (!services.containsKey(address.getHost())) {
      throw new UnknownHostException(address.getHost());
    }
    var query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
    var here = URI.create("http://" + address() + address.getRawPath() + query);
    var connection = (HttpURLConnection) here.toURL().openConnection(Proxy.NO_PROXY);
    connection.setRequestProperty(REAL_HOST, address.getScheme() + "://" + address.getHost());
    return connection;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = new ConcurrentHashMap<String, String>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) ->
              headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
      var base = headers.getOrDefault("x-real-host", scheme + "://" + headers.get("host"));
      var request =
          new Asked(
              exchange.getRequestMethod(),
              base + exchange.getRequestURI(),
              Map.copyOf(headers),
              new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      asked.add(request);
      var service =
          services.getOrDefault(
              String.valueOf(URI.create(base).getHost()), _ -> new Answer(404, "{}"));
      var answer = service.apply(request);
      var bytes = answer.json().getBytes(UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      // Only the real metadata server says so, and clients check it.
      exchange.getResponseHeaders().add("Metadata-Flavor", "Google");
      exchange.sendResponseHeaders(answer.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /** The addresses that were asked, without their queries. */
  public List<String> addresses() {
    var result = new ArrayList<String>();
    for (var request : asked) {
      result.add(request.address().replaceAll("\\?.*", ""));
    }
    return result;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
