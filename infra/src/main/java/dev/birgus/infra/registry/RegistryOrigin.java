package dev.birgus.infra.registry;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Where a registry is: its host, and whether TLS or plain http, found out when it is asked for. */
final class RegistryOrigin {

  private final Endpoint endpoint;
  private final RegistryTransport transport;
  private final RegistryFailures failures;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable URI found;

  RegistryOrigin(Endpoint endpoint, RegistryTransport transport, RegistryFailures failures) {
    this.endpoint = endpoint;
    this.transport = transport;
    this.failures = failures;
  }

  /** Scheme, host and port. */
  URI address(String what) throws IOException {
    var known = found;
    if (known != null) {
      return known;
    }
    lock.lock();
    try {
      var made = found;
      if (made == null) {
        made = endpoint.schemes().size() == 1 ? at(endpoint.schemes().getFirst()) : probe(what);
        found = made;
      }
      return made;
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
      try (var answer = transport.exchange(call, Optional.empty(), true)) {
        if (answer.status() == 200 || answer.status() == 401) {
          return candidate;
        }
        if (odd == null
            && answer.status() != 400
            && !RegistrySession.isRedirect(answer.status(), "GET")) {
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
}
