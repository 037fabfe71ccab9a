package dev.birgus.infra.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Files at http and https addresses, read, and small ones written, with the trust, the proxies and
 * the patience that registries are spoken to with. A user name and a password in an address are
 * shown to its own server only, and never printed; nor is a query, which is often a signature.
 */
public final class WebFiles implements AutoCloseable {

  private static final int MAX_REDIRECTS = 10;
  private static final int OK = 200;
  private static final int PROXY_WANTS_CREDENTIALS = 407;

  private final RegistrySettings settings;
  private final Journal journal;
  private final ProxyRoutes proxies;
  private @Nullable HttpClient client;

  /** Files read as these settings say; attempts are those of a pull. */
  public WebFiles(RegistrySettings settings, Journal journal) {
    this.settings = requireNonNull(settings, "settings");
    this.journal = requireNonNull(journal, "journal");
    this.proxies = new ProxyRoutes(settings.proxies());
  }

  /**
   * A file being read.
   *
   * @param modified when the server says it was changed
   */
  public record WebFile(InputStream content, Optional<Instant> modified) {
    public WebFile {
      requireNonNull(content, "content");
      requireNonNull(modified, "modified");
    }
  }

  /**
   * Opens a file.
   *
   * @param address beginning with {@code http://} or {@code https://}
   * @throws RegistryException if it cannot be had
   */
  public InputStream open(String address) throws IOException {
    return openFile(address).content();
  }

  /**
   * Opens a file of which more is wanted than its content.
   *
   * @param address beginning with {@code http://} or {@code https://}
   * @throws RegistryException if it cannot be had
   */
  public WebFile openFile(String address) throws IOException {
    var uri = parsed(address);
    var retries =
        new RetryPolicy(server(uri), settings.downloadRetry(), settings.patience(), journal);
    return retries.run(() -> follow(uri));
  }

  /**
   * Sends a small document to an address by PUT. Redirections are not followed.
   *
   * @param address beginning with {@code http://} or {@code https://}
   * @param type of the document, as a header has it
   * @throws RegistryException if the server does not take it
   */
  public void put(String address, byte[] document, String type) throws IOException {
    var uri = parsed(address);
    var retries = new RetryPolicy(server(uri), settings.pushRetry(), settings.patience(), journal);
    retries.run(() -> {
      var request = request(uri, uri).PUT(BodyPublishers.ofByteArray(document));
      var response = answer(uri, request.setHeader("Content-Type", type).build());
      try (var _ = response.body()) {
        if (response.statusCode() / 100 != 2) {
          throw refusal(uri, response.statusCode(), "cannot write to ");
        }
      }
      return uri;
    });
  }

  /** Host and port, without a name or password in front. */
  private static String server(URI address) {
    return address.getPort() < 0 ? address.getHost() : address.getHost() + ":" + address.getPort();
  }

  private static URI parsed(String address) throws RegistryException {
    try {
      var uri = new URI(address);
      var scheme = String.valueOf(uri.getScheme());
      if (uri.getHost() != null
          && (scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http"))) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // Its message would show a password.
    }
    throw failure(shown(address), "that is not an http or https address", "correct it");
  }

  /** An address without what may be secret in it. */
  public static String shown(String address) {
    var scheme = address.indexOf("://");
    var start = scheme < 0 ? 0 : scheme + 3;
    var end = address.length();
    for (var mark : List.of("?", "#")) {
      var at = address.indexOf(mark, start);
      end = at < 0 ? end : Math.min(end, at);
    }
    var slash = address.indexOf('/', start);
    var authority = address.substring(start, slash < 0 ? end : Math.min(slash, end));
    var user = authority.lastIndexOf('@');
    return address.substring(0, start) + address.substring(start + user + 1, end);
  }

  private WebFile follow(URI first) throws IOException {
    var next = first;
    for (var hop = 0; hop <= MAX_REDIRECTS; hop++) {
      var response = send(next, first);
      if (!isRedirect(response.statusCode())) {
        return body(next, response);
      }
      try (var _ = response.body()) {
        next = location(next, response.headers().firstValue("Location").orElse(""));
      }
    }
    throw failure(shown(first.toString()), "it redirects without end", "");
  }

  private static boolean isRedirect(int status) {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  private static URI location(URI from, String text) throws RegistryException {
    try {
      var uri = from.resolve(new URI(text));
      var secure = "https".equalsIgnoreCase(uri.getScheme());
      var plain = "http".equalsIgnoreCase(uri.getScheme());
      var fromPlain = "http".equalsIgnoreCase(from.getScheme());
      if (!text.isEmpty() && uri.getHost() != null && (secure || (plain && fromPlain))) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // Told below.
    }
    throw failure(
        shown(from.toString()), "it sends us to \"" + shown(text) + "\", where we may not go", "");
  }

  private HttpResponse<InputStream> send(URI address, URI first) throws IOException {
    return answer(address, request(address, first).build());
  }

  private HttpRequest.Builder request(URI address, URI first) throws RegistryException {
    var request =
        HttpRequest.newBuilder(withoutUser(address))
            .timeout(settings.patience().progress())
            .setHeader("User-Agent", settings.userAgent());
    if (address.getRawAuthority().equals(first.getRawAuthority())) {
      basic(first).ifPresent(value -> request.setHeader("Authorization", value));
    }
    proxies
        .to(address)
        .flatMap(ProxyRoutes.Route::authorization)
        .ifPresent(value -> request.setHeader("Proxy-Authorization", value));
    return request;
  }

  private HttpResponse<InputStream> answer(URI address, HttpRequest request) throws IOException {
    try {
      return client().send(request, BodyHandlers.ofInputStream());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while talking to " + shown(address.toString()));
    } catch (IOException broken) {
      throw unreachable(address, proxies.to(address), broken);
    }
  }

  private static URI withoutUser(URI address) throws RegistryException {
    try {
      var text = address.toString();
      var user = address.getRawUserInfo();
      return user == null ? address : new URI(text.replaceFirst("://[^/@]*@", "://"));
    } catch (URISyntaxException _) {
      throw failure(shown(address.toString()), "that is not an address", "correct it");
    }
  }

  private static Optional<String> basic(URI address) {
    return Optional.ofNullable(address.getUserInfo())
        .map(user -> user.contains(":") ? user : user + ":")
        .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8)));
  }

  private WebFile body(URI address, HttpResponse<InputStream> response) throws IOException {
    var status = response.statusCode();
    if (status == OK) {
      return new WebFile(
          new GuardedInputStream(response.body(), settings.patience().progress()),
          response.headers().firstValue("Last-Modified").flatMap(WebFiles::time));
    }
    try (var _ = response.body()) {
      throw refusal(address, status, "cannot read ");
    }
  }

  private IOException refusal(URI address, int status, String what) {
    var route = proxies.to(address);
    var who =
        status == PROXY_WANTS_CREDENTIALS && route.isPresent()
            ? route.get().toString()
            : "the server";
    var refusal =
        new RegistryException(
            Failure.of(
                "url-unreadable",
                what + shown(address.toString()) + ": " + who + " answered " + status,
                status == 404 ? "check the address" : "check the address and who may use it"));
    return RegistryFailures.isServersFault(status) || status == 429
        ? new TransientFailure(refusal, Optional.empty(), true)
        : refusal;
  }

  private static Optional<Instant> time(String header) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header, Instant::from));
    } catch (DateTimeException _) {
      return Optional.empty(); // As if it had said none: no time is better than a wrong one.
    }
  }

  private static IOException unreachable(
      URI address, Optional<ProxyRoutes.Route> route, IOException cause) {
    var through = route.map(proxy -> " through " + proxy).orElse("");
    var reason = reason(cause);
    var failure = failure(shown(address.toString()) + through, reason, "check the address");
    return cause instanceof SSLException
        ? failure
        : new TransientFailure(failure, Optional.empty(), false);
  }

  private static String reason(IOException cause) {
    return switch (cause) {
      case SSLException tls -> "its certificate is not accepted: " + tls.getMessage();
      case HttpTimeoutException _ -> "no answer in time";
      case ConnectException refused when hasUnresolved(refused) ->
          "the host name cannot be resolved";
      case ConnectException _ -> "the connection was refused";
      default -> "the connection broke (" + cause.getMessage() + ")";
    };
  }

  private static boolean hasUnresolved(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  private static RegistryException failure(String shown, String reason, String advice) {
    return new RegistryException(
        Failure.of("url-unreadable", "cannot read " + shown + ": " + reason, advice));
  }

  private synchronized HttpClient client() {
    var made = client;
    if (made == null) {
      var anybody = new Endpoint("", List.of("https"), !settings.trust().skipVerify());
      made =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(settings.patience().connect())
              .proxy(proxies)
              .sslContext(RegistryTrust.context(anybody, settings.trust()))
              .build();
      client = made;
    }
    return made;
  }

  /** Breaks all connections. */
  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
