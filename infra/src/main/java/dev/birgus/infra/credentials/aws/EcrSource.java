package dev.birgus.infra.credentials.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.infra.credentials.CloudSource;
import dev.birgus.infra.credentials.CloudUnavailableException;
import dev.birgus.infra.credentials.Connections;
import dev.birgus.infra.credentials.Credential;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecrpublic.EcrPublicClient;

/**
 * Authorization tokens of Amazon ECR. One is good for twelve hours at every registry of its region
 * that the identity may use, and is fetched anew shortly before it ends.
 */
public final class EcrSource implements CloudSource {

  private static final Duration MARGIN = Duration.ofMinutes(15);
  private static final Duration LONGEST_CALL = Duration.ofSeconds(60);

  /** A token as the service gives it. */
  private record Issued(String token, Instant end) {
    @Override
    public String toString() {
      return "Issued[until " + end + "]";
    }
  }

  private record Kept(Credential credential, Instant end) {}

  private final AwsCredentialsProvider identity;
  private final SdkHttpClient http;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<EcrRegistry, Kept> kept = new HashMap<>();

  EcrSource(AwsCredentialsProvider identity, SdkHttpClient http, InstantSource clock) {
    this.identity = identity;
    this.http = http;
    this.clock = clock;
  }

  /**
   * The tokens of this process.
   *
   * @param environment of the process; the SDK reads some of it again by itself
   */
  public static EcrSource of(
      Map<String, String> environment, Connections connections, InstantSource clock) {
    var http = http(connections);
    return new EcrSource(new AwsIdentity(environment, http), http, clock);
  }

  static SdkHttpClient http(Connections connections) {
    return UrlConnectionHttpClient.create(uri -> opened(connections, uri));
  }

  private static HttpURLConnection opened(Connections connections, URI uri) {
    try {
      return connections.open(uri);
    } catch (IOException failed) {
      throw SdkClientException.create("cannot connect to " + uri.getHost(), failed);
    }
  }

  @Override
  public Credential credential(String registry) throws IOException {
    var place =
        EcrRegistry.of(registry)
            .orElseThrow(() -> new IllegalArgumentException("not a registry of ECR: " + registry));
    lock.lock();
    try {
      var known = kept.get(place);
      var now = clock.instant();
      if (known != null && now.isBefore(known.end().minus(MARGIN))) {
        return known.credential();
      }
      var fresh = fresh(place, known, now);
      kept.put(place, fresh);
      return fresh.credential();
    } finally {
      lock.unlock();
    }
  }

  /** A new token; while none can be had the old one serves as long as it is good. */
  private Kept fresh(EcrRegistry place, @Nullable Kept known, Instant now) throws IOException {
    try {
      return fetch(place);
    } catch (CloudUnavailableException none) {
      if (known != null && now.isBefore(known.end())) {
        return known;
      }
      throw none;
    }
  }

  private Kept fetch(EcrRegistry place) throws IOException {
    try {
      identity.resolveCredentials();
      var issued = place.publicGallery() ? fromPublic(place) : fromPrivate(place);
      var pair = new String(Base64.getDecoder().decode(issued.token()), UTF_8);
      var colon = pair.indexOf(':');
      if (colon < 1) {
        throw CloudUnavailableException.broken("the token of " + service(place) + " is malformed");
      }
      return new Kept(
          new Credential.UserPassword(pair.substring(0, colon), pair.substring(colon + 1)),
          issued.end());
    } catch (AwsIdentity.MissingException none) {
      throw none.reason();
    } catch (SdkException | IllegalArgumentException refused) {
      throw CloudUnavailableException.broken(service(place) + " gave no token", refused);
    }
  }

  private static String service(EcrRegistry place) {
    return "ECR in " + place.region();
  }

  private Issued fromPrivate(EcrRegistry place) throws IOException {
    var builder =
        EcrClient.builder()
            .region(Region.of(place.region()))
            .credentialsProvider(identity)
            .httpClient(http)
            .overrideConfiguration(settings -> settings.apiCallTimeout(LONGEST_CALL));
    // What is not wanted by the host name is left to the environment, which may want it too.
    if (place.fips()) {
      builder.fipsEnabled(true);
    }
    if (place.dualStack()) {
      builder.dualstackEnabled(true);
    }
    try (var client = builder.build()) {
      var answer = client.getAuthorizationToken();
      if (!answer.hasAuthorizationData() || answer.authorizationData().isEmpty()) {
        throw CloudUnavailableException.broken(service(place) + " gave no token");
      }
      var data = answer.authorizationData().getFirst();
      return issued(data.authorizationToken(), data.expiresAt());
    }
  }

  private Issued fromPublic(EcrRegistry place) {
    try (var client =
        EcrPublicClient.builder()
            .region(Region.of(place.region()))
            .credentialsProvider(identity)
            .httpClient(http)
            .overrideConfiguration(settings -> settings.apiCallTimeout(LONGEST_CALL))
            .build()) {
      var data = client.getAuthorizationToken(request -> {}).authorizationData();
      return issued(data.authorizationToken(), data.expiresAt());
    }
  }

  private Issued issued(String token, Instant end) {
    return new Issued(token, end == null ? clock.instant().plus(MARGIN).plus(MARGIN) : end);
  }
}
