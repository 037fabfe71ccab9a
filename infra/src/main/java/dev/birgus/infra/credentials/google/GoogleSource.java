package dev.birgus.infra.credentials.google;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dev.birgus.infra.credentials.CloudSource;
import dev.birgus.infra.credentials.CloudUnavailableException;
import dev.birgus.infra.credentials.Connections;
import dev.birgus.infra.credentials.Credential;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens of Google Cloud, by application default credentials: the file that {@code
 * GOOGLE_APPLICATION_CREDENTIALS} names (service account, authorized user, workload identity
 * federation), the one the gcloud command leaves, or the metadata server of a machine or cluster.
 *
 * <p>The library renews a token before it ends; while that does not work, the old one serves.
 */
public final class GoogleSource implements CloudSource {

  private static final String VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS";
  private static final List<String> SCOPES =
      List.of("https://www.googleapis.com/auth/cloud-platform");

  /** What the registries call a user who shows an access token. */
  private static final String USER = "oauth2accesstoken";

  private final Map<String, String> environment;
  private final HttpTransportFactory transports;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable GoogleCredentials credentials;

  /**
   * The tokens of this process.
   *
   * @param environment of the process
   */
  public GoogleSource(
      Map<String, String> environment, Connections connections, InstantSource clock) {
    this.environment = environment;
    this.clock = clock;
    HttpTransport transport =
        new NetHttpTransport.Builder()
            .setConnectionFactory(url -> connections.open(URI.create(url.toString())))
            .build();
    this.transports = () -> transport;
  }

  @Override
  public Credential credential(String registry) throws IOException {
    lock.lock();
    try {
      var known = credentials;
      if (known == null) {
        known = load();
        credentials = known;
      }
      return new Credential.UserPassword(USER, token(known));
    } finally {
      lock.unlock();
    }
  }

  private GoogleCredentials load() throws IOException {
    var file = environment.getOrDefault(VARIABLE, "");
    var loaded = file.isEmpty() ? found() : read(file);
    return loaded.createScopedRequired() ? loaded.createScoped(SCOPES) : loaded;
  }

  private GoogleCredentials read(String file) throws IOException {
    try (var input = Files.newInputStream(Path.of(file))) {
      return GoogleCredentials.fromStream(input, transports);
    } catch (IOException | RuntimeException unusable) {
      throw CloudUnavailableException.broken(
          "cannot use the file " + file + " that " + VARIABLE + " names",
          unusable instanceof java.nio.file.NoSuchFileException
              ? new IOException("there is no such file")
              : unusable);
    }
  }

  private GoogleCredentials found() throws IOException {
    try {
      return GoogleCredentials.getApplicationDefault(transports);
    } catch (IOException _) {
      throw CloudUnavailableException.unconfigured(
          VARIABLE + " is not set, gcloud has left no credentials, and no metadata server answers");
    }
  }

  private String token(GoogleCredentials credentials) throws IOException {
    try {
      credentials.refreshIfExpired();
      var token = credentials.getAccessToken();
      if (token == null) {
        throw CloudUnavailableException.broken("its token service gave no token");
      }
      return token.getTokenValue();
    } catch (CloudUnavailableException none) {
      throw none;
    } catch (IOException | RuntimeException refused) {
      var old = credentials.getAccessToken();
      if (old != null && isGood(old)) {
        return old.getTokenValue();
      }
      throw CloudUnavailableException.broken("no access token could be had", refused);
    }
  }

  private boolean isGood(AccessToken token) {
    var end = token.getExpirationTime();
    return end != null && clock.instant().isBefore(end.toInstant());
  }
}
