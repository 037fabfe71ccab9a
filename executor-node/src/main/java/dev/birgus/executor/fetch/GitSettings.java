package dev.birgus.executor.fetch;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What git programs are started with.
 *
 * @param environment variables of the process they may see: where programs are, how the outside is
 *     reached and whom to believe there
 * @param limit how long one of them may take
 */
public record GitSettings(Map<String, String> environment, Duration limit) {

  private static final Duration LIMIT = Duration.ofHours(1);

  private static final List<String> PASSED_ON =
      List.of(
          "PATH",
          "SSH_AUTH_SOCK",
          "GIT_SSL_CAINFO",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "HTTP_PROXY",
          "http_proxy",
          "HTTPS_PROXY",
          "https_proxy",
          "NO_PROXY",
          "no_proxy");

  public GitSettings {
    environment = Map.copyOf(environment);
    if (!limit.isPositive()) {
      throw new IllegalArgumentException("git needs time: " + limit);
    }
  }

  /** The usual limit, and of this environment what git needs. */
  public static GitSettings of(Map<String, String> environment) {
    var passedOn = new LinkedHashMap<String, String>();
    for (var name : PASSED_ON) {
      if (environment.containsKey(name)) {
        passedOn.put(name, environment.get(name));
      }
    }
    return new GitSettings(passedOn, LIMIT);
  }

  /** Addresses of proxies may hold passwords. */
  @Override
  public String toString() {
    return "GitSettings[" + environment.keySet() + ", " + limit + "]";
  }
}
