package dev.birgus.infra.credentials.azure;

import dev.birgus.infra.credentials.CloudSource;
import dev.birgus.infra.credentials.CloudUnavailableException;
import dev.birgus.infra.credentials.Connections;
import dev.birgus.infra.credentials.Credential;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Refresh tokens of Azure's registries. A token of Microsoft Entra is exchanged at the registry
 * itself for one that is good there alone, for some hours.
 */
public final class AcrSource implements CloudSource {

  private static final Duration MARGIN = Duration.ofMinutes(10);

  /** How long a token is kept that does not say when it ends. */
  private static final Duration USUAL_LIFETIME = Duration.ofHours(1);

  private record Kept(Credential credential, Instant end) {}

  private final EntraIdentity identity;
  private final Map<String, String> environment;
  private final TokenRequests requests;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Kept> kept = new HashMap<>();

  /**
   * The tokens of this process.
   *
   * @param environment of the process
   */
  public AcrSource(Map<String, String> environment, Connections connections, InstantSource clock) {
    this.requests = new TokenRequests(connections);
    this.identity = new EntraIdentity(environment, requests);
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public Credential credential(String registry) throws IOException {
    var place =
        AcrRegistry.of(registry)
            .orElseThrow(() -> new IllegalArgumentException("not a registry of ACR: " + registry));
    lock.lock();
    try {
      var known = kept.get(registry);
      var now = clock.instant();
      if (known != null && now.isBefore(known.end().minus(MARGIN))) {
        return known.credential();
      }
      var fresh = fresh(registry, place, known, now);
      kept.put(registry, fresh);
      return fresh.credential();
    } finally {
      lock.unlock();
    }
  }

  /** A new token; while none can be had the old one serves as long as it is good. */
  private Kept fresh(String registry, AcrRegistry place, @Nullable Kept known, Instant now)
      throws IOException {
    try {
      var token = exchanged(registry, identity.token(place));
      return new Kept(new Credential.IdentityToken(token), end(token));
    } catch (IOException none) {
      if (known != null && now.isBefore(known.end())) {
        return known;
      }
      throw none;
    }
  }

  private String exchanged(String registry, String accessToken) throws IOException {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "access_token");
    form.put("service", registry);
    var tenant = environment.getOrDefault("AZURE_TENANT_ID", "");
    if (!tenant.isEmpty()) {
      form.put("tenant", tenant);
    }
    form.put("access_token", accessToken);
    var answer =
        requests.post(URI.create("https://" + registry + "/oauth2/exchange"), form, registry);
    return answer
        .string("refresh_token")
        .filter(token -> !token.isEmpty())
        .orElseThrow(
            () -> CloudUnavailableException.broken(registry + " exchanged our token for nothing"));
  }

  /** When a token ends, by its own claims (RFC 7519); it is ours, so there is nothing to verify. */
  private Instant end(String token) {
    var usual = clock.instant().plus(USUAL_LIFETIME);
    var parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return usual;
    }
    try {
      var claims = JsonText.parseObject(Base64.getUrlDecoder().decode(parts[1]));
      return claims.number("exp").map(Instant::ofEpochSecond).orElse(usual);
    } catch (IllegalArgumentException | JsonSyntaxException _) {
      return usual;
    }
  }
}
