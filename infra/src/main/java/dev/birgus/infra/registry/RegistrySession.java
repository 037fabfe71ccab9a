package dev.birgus.infra.registry;

import dev.birgus.infra.credentials.Credentials;
import dev.birgus.infra.http.HttpConnections;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is said to one registry, and what it knows of us. Redirects are followed here, because the
 * authorization may go to the registry's own origin only.
 */
final class RegistrySession implements AutoCloseable {

  private static final int MAX_REDIRECTS = 5;

  private final Endpoint endpoint;
  private final RegistryTransport transport;
  private final RegistryOrigin origin;
  private final RegistryAuthentication authentication;
  private final RegistryFailures failures;

  RegistrySession(
      Endpoint endpoint,
      RegistrySettings settings,
      Credentials credentials,
      ProxyRoutes proxies,
      Supplier<HttpConnections> newConnections,
      Journal journal) {
    this.endpoint = endpoint;
    this.failures = RegistryFailures.of(endpoint.registry(), credentials);
    this.transport = new RegistryTransport(settings, proxies, newConnections, failures, journal);
    this.origin = new RegistryOrigin(endpoint, transport, failures);
    this.authentication =
        new RegistryAuthentication(
            endpoint, credentials, this::sendToTokenService, InstantSource.system());
  }

  RegistryFailures failures() {
    return failures;
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
      return known(answer, call, header);
    }
    var renewed =
        authentication.renewed(
            answer.headers().allValues("WWW-Authenticate"), call, header.orElse(""));
    if (renewed.isEmpty()) {
      return known(answer, call, header);
    }
    answer.close();
    return known(follow(call, renewed), call, renewed);
  }

  /** The answer, with the source of what the registry was shown. */
  private Answer known(Answer answer, Call call, Optional<String> header) {
    return answer.own() && header.isPresent()
        ? answer.shown(authentication.shown(call.repository()))
        : answer;
  }

  private Answer sendToTokenService(Call call) throws IOException {
    var header = Optional.ofNullable(call.headers().get("Authorization"));
    // Its origin is its own: what it redirects elsewhere to gets no password.
    return follow(call, header, call.uri());
  }

  private Answer follow(Call call, Optional<String> authorization) throws IOException {
    return follow(call, authorization, origin.address(call.what()));
  }

  private Answer follow(Call call, Optional<String> authorization, URI from) throws IOException {
    var next = call;
    for (var hop = 0; hop <= MAX_REDIRECTS; hop++) {
      var own = isSameOrigin(next.uri(), from);
      var answer = transport.exchange(next, own ? authorization : Optional.empty(), own);
      if (!isRedirect(answer.status(), next.method())) {
        return answer;
      }
      try (answer) {
        next = next.at(location(answer, call.what()));
      }
    }
    throw failures.nonsense(call.what(), "it redirects without end", "");
  }

  static boolean isRedirect(int status, String method) {
    return switch (status) {
      case 307, 308 -> true;
      case 301, 302, 303 -> method.equals("GET") || method.equals("HEAD");
      default -> false;
    };
  }

  /** Where the answer sends us, made absolute. */
  URI location(Answer answer, String what) throws IOException {
    return resolve(answer, answer.header("Location").orElse(""), what);
  }

  /** An address in the answer, made absolute. */
  URI resolve(Answer answer, String text, String what) throws IOException {
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
        what, "it sends us to \"" + WebFiles.shown(text) + "\", where we may not go", "");
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
    return URI.create(origin.address(what) + path);
  }

  @Override
  public void close() {
    transport.close();
  }
}
