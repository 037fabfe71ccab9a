package dev.birgus.infra.registry;

import dev.birgus.infra.credentials.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one registry, and what it knows of us. Redirects are followed here, because
 * the authorization may go to the registry's own origin only.
 */
final class RegistrySession implements AutoCloseable {

  private static final int MAX_REDIRECTS = 5;
  private static final int PROXY_WANTS_CREDENTIALS = 407;

  private final Endpoint endpoint;
  private final RegistrySettings settings;
  private final ProxyRoutes proxies;
  private final Supplier<HttpClient> newClient;
  private final RegistryAuthentication authentication;
  private final RegistryFailures failures;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable HttpClient client;
  private volatile @Nullable URI base;

  RegistrySession(
      Endpoint endpoint,
      RegistrySettings settings,
      Credentials credentials,
      ProxyRoutes proxies,
      Supplier<HttpClient> newClient) {
    this.endpoint = endpoint;
    this.settings = settings;
    this.proxies = proxies;
    this.newClient = newClient;
    this.failures = new RegistryFailures(endpoint.registry());
    this.authentication =
        new RegistryAuthentication(
            endpoint, credentials, this::sendToTokenService, InstantSource.system());
  }

  String registry() {
    return endpoint.registry();
  }

  /**
   * Sends a call once, with our authorization, and gives the answer whatever its status.
   *
   * @throws TransientFailure if the network failed in a way that may pass
   * @throws RegistryException if we cannot authenticate, or the registry cannot be trusted
   */
  Answer send(Call call) throws IOException {
    var header = authentication.header(call);
    var answer = follow(call, header);
    if (answer.status() != 401 || !answer.own()) {
      return answer;
    }
    var renewed =
        authentication.renewed(
            answer.headers().allValues("WWW-Authenticate"), call, header.orElse(""));
    if (renewed.isEmpty()) {
      return answer;
    }
    answer.close();
    return follow(call, renewed);
  }

  private Answer sendToTokenService(Call call) throws IOException {
    var header = Optional.ofNullable(call.headers().get("Authorization"));
    // Its origin is its own: what it redirects elsewhere to gets no password.
    return follow(call, header, call.uri());
  }

  private Answer follow(Call call, Optional<String> authorization) throws IOException {
    return follow(call, authorization, base(call.what()));
  }

  private Answer follow(Call call, Optional<String> authorization, URI origin) throws IOException {
    var next = call;
    for (var hop = 0; hop <= MAX_REDIRECTS; hop++) {
      var own = isSameOrigin(next.uri(), origin);
      var answer = exchange(next, own ? authorization : Optional.empty(), own);
      if (!isRedirect(answer.status(), next.method())) {
        return answer;
      }
      try (answer) {
        next = next.at(location(answer, call.what()));
      }
    }
    throw failures.nonsense(call.what(), "it redirects without end", "");
  }

  private static boolean isRedirect(int status, String method) {
    return switch (status) {
      case 307, 308 -> true;
      case 301, 302, 303 -> method.equals("GET") || method.equals("HEAD");
      default -> false;
    };
  }

  /** Where the answer sends us, made absolute. */
  URI location(Answer answer, String what) throws IOException {
    var text = answer.header("Location").orElse("");
    try {
      var uri = answer.uri().resolve(new URI(text));
      var plain = "http".equalsIgnoreCase(uri.getScheme());
      if (!text.isEmpty()
          && uri.getHost() != null
          && ("https".equalsIgnoreCase(uri.getScheme()) || (plain && endpoint.plainAllowed()))) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // Told below.
    }
    throw failures.nonsense(
        what, "it sends us to \"" + withoutQuery(text) + "\", where we may not go", "");
  }

  /** Queries of such addresses are often signed, which makes them secrets. */
  private static String withoutQuery(String text) {
    var mark = text.indexOf('?');
    return mark < 0 ? text : text.substring(0, mark);
  }

  private static boolean isSameOrigin(URI one, URI other) {
    return String.valueOf(one.getScheme()).equalsIgnoreCase(other.getScheme())
        && String.valueOf(one.getHost()).equalsIgnoreCase(other.getHost())
        && port(one) == port(other);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  /** The address of a path of the registry. */
  URI uri(String path, String what) throws IOException {
    return URI.create(base(what) + path);
  }

  private URI base(String what) throws IOException {
    var known = base;
    if (known != null) {
      return known;
    }
    lock.lock();
    try {
      var found = base;
      if (found == null) {
        found = endpoint.schemes().size() == 1 ? at(endpoint.schemes().getFirst()) : probe(what);
        base = found;
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  private URI at(String scheme) throws IOException {
    try {
      return new URI(scheme + "://" + endpoint.authority());
    } catch (URISyntaxException _) {
      throw failures.nonsense(
          "reach " + endpoint.registry(), "that is no host name", "check the image's name");
    }
  }

  /** Finds out whether a registry that may speak plain http does. */
  private URI probe(String what) throws IOException {
    IOException failure = null;
    URI odd = null;
    for (var scheme : endpoint.schemes()) {
      var candidate = at(scheme);
      var call =
          new Call(
              what,
              "GET",
              URI.create(candidate + "/v2/"),
              "",
              List.of(),
              Map.of(),
              new Call.Body.None());
      try (var answer = exchange(call, Optional.empty(), true)) {
        if (answer.status() == 200 || answer.status() == 401) {
          return candidate;
        }
        if (odd == null && answer.status() != 400 && !isRedirect(answer.status(), "GET")) {
          odd = candidate;
        }
      } catch (IOException broken) {
        failure = failure == null || isUntrusted(broken) ? broken : failure;
      }
    }
    if (odd != null) {
      return odd;
    }
    throw failure != null
        ? failure
        : failures.nonsense(what, "it does not answer as a registry does", "check host and port");
  }

  private static boolean isUntrusted(IOException broken) {
    return broken instanceof RegistryException refused
        && refused.failure().message().contains("certificate");
  }

  private Answer exchange(Call call, Optional<String> authorization, boolean own)
      throws IOException {
    var request = HttpRequest.newBuilder(call.uri()).setHeader("User-Agent", settings.userAgent());
    call.headers()
        .forEach((name, value) -> {
          if (!name.equals("Authorization")) {
            request.setHeader(name, value);
          }
        });
    authorization.ifPresent(value -> request.setHeader("Authorization", value));
    proxies
        .to(call.uri())
        .flatMap(ProxyRoutes.Route::authorization)
        .ifPresent(value -> request.setHeader("Proxy-Authorization", value));
    return switch (call.body()) {
      case Call.Body.None _ -> transfer(call, request, BodyPublishers.noBody(), null, own);
      case Call.Body.Bytes(var bytes) ->
          transfer(call, request, BodyPublishers.ofByteArray(bytes), null, own);
      case Call.Body.Stream(var content, var length) -> {
        try (var upload = new UploadContent(content.open())) {
          var stream = BodyPublishers.ofInputStream(() -> upload);
          var publisher =
              length == 0 ? BodyPublishers.noBody() : BodyPublishers.fromPublisher(stream, length);
          yield transfer(call, request, publisher, upload, own);
        }
      }
    };
  }

  private Answer transfer(
      Call call,
      HttpRequest.Builder request,
      BodyPublisher publisher,
      @Nullable UploadContent upload,
      boolean own)
      throws IOException {
    request.method(call.method(), publisher);
    try {
      var response =
          await(
              client().sendAsync(request.build(), BodyHandlers.ofInputStream()),
              upload,
              publisher.contentLength());
      refuseIfProxyDoes(call, response);
      var body = new GuardedInputStream(response.body(), settings.patience().progress());
      return new Answer(response.statusCode(), response.headers(), body, call.uri(), own);
    } catch (InterruptedIOException interrupted) {
      throw interrupted;
    } catch (IOException broken) {
      if (upload != null && upload.failure() != null) {
        throw upload.failure();
      }
      throw proxies
          .to(call.uri())
          .map(proxy -> failures.proxied(call.what(), proxy.toString(), broken))
          .orElseGet(() -> failures.network(call.what(), broken));
    }
  }

  private void refuseIfProxyDoes(Call call, HttpResponse<InputStream> response) throws IOException {
    var proxy = proxies.to(call.uri());
    if (response.statusCode() == PROXY_WANTS_CREDENTIALS && proxy.isPresent()) {
      // A tunnel that was never opened has no body to close.
      try (var _ = response.body()) {
        throw failures.proxyDenied(call.what(), proxy.get().toString());
      }
    }
  }

  /** Waits for the answer as long as bytes move, or the answer may still come. */
  private HttpResponse<InputStream> await(
      CompletableFuture<HttpResponse<InputStream>> exchange,
      @Nullable UploadContent upload,
      long length)
      throws IOException {
    var seen = -1L;
    try {
      while (true) {
        var patience = patience(upload, length);
        try {
          return exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
          var sent = upload == null ? -1 : upload.count();
          if (sent == seen) {
            exchange.cancel(true);
            throw new HttpTimeoutException("no progress for " + patience.toSeconds() + " s");
          }
          seen = sent;
        }
      }
    } catch (InterruptedException _) {
      exchange.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while speaking to " + endpoint.registry());
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException broken
          ? broken
          : new IOException(String.valueOf(failed.getCause()), failed.getCause());
    }
  }

  private Duration patience(@Nullable UploadContent upload, long length) {
    return upload != null && upload.count() >= length
        ? settings.patience().completion()
        : settings.patience().progress();
  }

  private HttpClient client() {
    var known = client;
    if (known != null) {
      return known;
    }
    lock.lock();
    try {
      var made = client;
      if (made == null) {
        made = newClient.get();
        client = made;
      }
      return made;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    var known = client;
    if (known != null) {
      known.shutdownNow();
    }
  }
}
