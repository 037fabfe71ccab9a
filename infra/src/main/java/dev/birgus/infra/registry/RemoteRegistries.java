package dev.birgus.infra.registry;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.credentials.Credentials;
import dev.birgus.infra.http.HttpConnections;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Registries at the other end of connections. Each is connected to when it is first used; what is
 * known of a registry, its tokens above all, is shared by everybody who asks for it here.
 */
public final class RemoteRegistries implements Registries, AutoCloseable {

  private final RegistrySettings settings;
  private final Credentials credentials;
  private final Journal journal;
  private final ProxyRoutes proxies;
  private final Map<Endpoint, RegistrySession> sessions = new ConcurrentHashMap<>();

  /**
   * Registries as the settings say.
   *
   * @param journal told of every request, and of every attempt that failed and is repeated
   */
  public RemoteRegistries(RegistrySettings settings, Credentials credentials, Journal journal) {
    this.settings = requireNonNull(settings, "settings");
    this.credentials = requireNonNull(credentials, "credentials");
    this.journal = requireNonNull(journal, "journal");
    this.proxies = new ProxyRoutes(settings.proxies());
  }

  @Override
  public Registry push(String host) {
    return registry(host, Endpoint.Direction.PUSH, settings.pushRetry());
  }

  @Override
  public Registry pull(String host) {
    return registry(host, Endpoint.Direction.PULL, settings.downloadRetry());
  }

  /**
   * Asks a registry whether it lets us in: the base of its interface, which wants no right to
   * anything, and before it the token service if it has one. One that lets everybody in accepts
   * everything.
   *
   * @param host host and optional port, as in an image reference
   * @throws RegistryException if it does not, or cannot be reached
   */
  public void checkLogin(String host) throws IOException {
    var session = session(host, Endpoint.Direction.PUSH);
    var what = "log in to " + host;
    retries(host, settings.pushRetry())
        .run(() -> {
          var call =
              new Call(
                  what,
                  "GET",
                  session.uri("/v2/", what),
                  "",
                  List.of(),
                  Map.of(),
                  new Call.Body.None());
          try (var answer = session.send(call)) {
            if (!answer.successful()) {
              throw session.failures().refused(what, answer);
            }
            return true;
          }
        });
  }

  private Registry registry(String host, Endpoint.Direction direction, int added) {
    return new RemoteRegistry(
        new RegistryCalls(session(host, direction), direction), retries(host, added));
  }

  private RegistrySession session(String host, Endpoint.Direction direction) {
    return sessions.computeIfAbsent(Endpoint.of(host, direction, settings), this::newSession);
  }

  private RetryPolicy retries(String host, int added) {
    return new RetryPolicy(host, added, settings.patience(), journal);
  }

  private RegistrySession newSession(Endpoint endpoint) {
    return new RegistrySession(
        endpoint, settings, credentials, proxies, () -> newConnections(endpoint), journal);
  }

  private HttpConnections newConnections(Endpoint endpoint) {
    var requests = new CertificateRequests();
    return new HttpConnections(
        RegistryTrust.context(endpoint, settings.trust(), requests),
        requests::wereMade,
        settings.patience().connect(),
        settings.userAgent());
  }

  /** Breaks all connections. */
  @Override
  public void close() {
    sessions.values().forEach(RegistrySession::close);
  }
}
