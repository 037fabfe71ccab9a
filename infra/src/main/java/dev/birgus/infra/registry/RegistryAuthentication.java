package dev.birgus.infra.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.infra.credentials.Credential;
import dev.birgus.infra.credentials.Credentials;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who we are to one registry: basic authentication, or tokens of its token service, each fetched
 * once for all threads that need it and kept as long as the service says.
 */
final class RegistryAuthentication {

  private static final long LEAST_LIFETIME = 60;
  private static final long LONGEST_LIFETIME = 24 * 60 * 60;
  private static final Duration MARGIN = Duration.ofSeconds(5);

  /** Credentials of clouds and helpers end while a long push goes on. */
  private static final Duration CREDENTIAL_AGE = Duration.ofMinutes(Credentials.LEAST_MINUTES);

  /** Repositories and scopes of which something is remembered; then what is out of date goes. */
  private static final int REMEMBERED = 1_000;

  private static final int LOCKS = 64;

  private static final String FORM = "application/x-www-form-urlencoded";

  /** Sends a request to a token service. */
  interface TokenTransport {
    Answer send(Call call) throws IOException;
  }

  /** What the sources said, and when. */
  private record Found(Optional<Credentials.Provided> provided, Instant at) {}

  private record Token(String value, Instant usableUntil) {
    @Override
    public String toString() {
      return "Token[until " + usableUntil + "]";
    }
  }

  private final Endpoint endpoint;
  private final Credentials credentials;
  private final TokenTransport transport;
  private final InstantSource clock;
  private final RegistryFailures failures;
  private final Map<String, Found> found = new ConcurrentHashMap<>();
  private final Map<String, Token> tokens = new ConcurrentHashMap<>();

  /** By scope; two scopes may share one. */
  private final List<ReentrantLock> locks =
      Stream.generate(ReentrantLock::new).limit(LOCKS).toList();

  private volatile @Nullable Challenge challenge;

  RegistryAuthentication(
      Endpoint endpoint, Credentials credentials, TokenTransport transport, InstantSource clock) {
    this.endpoint = endpoint;
    this.credentials = credentials;
    this.transport = transport;
    this.clock = clock;
    this.failures = RegistryFailures.of(endpoint.registry(), credentials);
  }

  /** What to send with a call; empty while the registry has not asked for anything. */
  Optional<String> header(Call call) throws IOException {
    var known = challenge;
    return known == null ? Optional.empty() : answer(known, call, "");
  }

  /**
   * What to send with a call after the registry asked for authentication.
   *
   * @param headers its {@code WWW-Authenticate} headers
   * @param rejected what it was sent before; "" for nothing
   * @return empty if we have nothing better to offer
   */
  Optional<String> renewed(List<String> headers, Call call, String rejected) throws IOException {
    var offered = Challenge.parse(headers);
    var chosen =
        offered.stream()
            .filter(each -> each.scheme().equals("bearer"))
            .findFirst()
            .or(() -> offered.stream().filter(each -> each.scheme().equals("basic")).findFirst());
    if (chosen.isEmpty()) {
      throw failures.nonsense(
          call.what(),
          offered.isEmpty()
              ? "it wants authentication but does not say how"
              : "authentication by \"" + offered.getFirst().scheme() + "\" is not supported yet",
          "");
    }
    challenge = chosen.get();
    if (!rejected.isEmpty()) {
      found.remove(call.repository());
    }
    return answer(chosen.get(), call, rejected).filter(header -> !header.equals(rejected));
  }

  private Optional<String> answer(Challenge known, Call call, String rejected) throws IOException {
    var provided = provided(call.repository());
    var credential = provided.map(Credentials.Provided::credential);
    if (credential.orElse(null) instanceof Credential.RegistryToken(var token)) {
      return Optional.of("Bearer " + token);
    }
    if (known.scheme().equals("bearer")) {
      return Optional.of("Bearer " + token(known, call, provided, rejected));
    }
    return switch (credential.orElse(null)) {
      case Credential.UserPassword user -> Optional.of(basic(user));
      case Credential.IdentityToken _ ->
          throw failures.denied(
              call.what(),
              "it wants user and password, but only an identity token is configured",
              shown(call.repository()));
      case Credential.RegistryToken(var token) -> Optional.of("Bearer " + token);
      case null -> Optional.empty();
    };
  }

  /** Where the credential for a repository came from, so far as it was asked for. */
  Optional<String> shown(String repository) {
    var known = found.get(repository);
    return known == null ? Optional.empty() : known.provided().map(Credentials.Provided::source);
  }

  private Optional<Credentials.Provided> provided(String repository) {
    var now = clock.instant();
    if (found.size() > REMEMBERED) {
      found.values().removeIf(known -> !now.isBefore(known.at().plus(CREDENTIAL_AGE)));
    }
    return found
        .compute(
            repository,
            (name, known) ->
                known != null && now.isBefore(known.at().plus(CREDENTIAL_AGE))
                    ? known
                    : new Found(credentials.provide(endpoint.registry(), name), now))
        .provided();
  }

  private static String basic(Credential.UserPassword user) {
    var pair = user.user() + ":" + user.password();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }

  private String token(
      Challenge known, Call call, Optional<Credentials.Provided> provided, String rejected)
      throws IOException {
    var scopes = call.scopes();
    var key = String.join(" ", scopes);
    var lock = locks.get(Math.floorMod(key.hashCode(), LOCKS));
    lock.lock();
    try {
      var cached = tokens.get(key);
      if (cached != null
          && clock.instant().isBefore(cached.usableUntil())
          && !rejected.equals("Bearer " + cached.value())) {
        return cached.value();
      }
      var fresh = fetch(known, call, provided, scopes);
      tokens.put(key, fresh);
      if (tokens.size() > REMEMBERED) {
        var now = clock.instant();
        tokens.values().removeIf(each -> !now.isBefore(each.usableUntil()));
      }
      return fresh.value();
    } finally {
      lock.unlock();
    }
  }

  private Token fetch(
      Challenge known, Call call, Optional<Credentials.Provided> provided, List<String> scopes)
      throws IOException {
    var credential = provided.map(Credentials.Provided::credential);
    var what = call.what();
    var realm = realm(known, what);
    var service = known.parameter("service");
    var request =
        credential.orElse(null) instanceof Credential.IdentityToken(var refresh)
            ? exchange(what, realm, form(service, scopes, refresh))
            : ask(what, realm, service, scopes, credential);
    try (var answer = transport.send(request)) {
      if (answer.status() == 401 || answer.status() == 403) {
        throw failures.denied(
            what,
            "its token service "
                + realm.getHost()
                + " answered "
                + answer.status()
                + RegistryFailures.detail(answer.text(), answer.contentType()),
            provided.map(Credentials.Provided::source));
      }
      if (!answer.successful()) {
        throw failures.refused(what, answer);
      }
      return read(answer, what, realm);
    }
  }

  private Token read(Answer answer, String what, URI realm) throws IOException {
    try {
      var json = JsonText.parseObject(answer.body().readNBytes(1 << 20));
      var value =
          json.string("token").filter(t -> !t.isEmpty()).or(() -> json.string("access_token"));
      if (value.isEmpty() || !isHeaderSafe(value.get())) {
        throw failures.nonsense(
            what, "the token service " + realm.getHost() + " gave no token", "");
      }
      var lifetime = json.number("expires_in").orElse(LEAST_LIFETIME);
      var seconds = Math.clamp(lifetime, LEAST_LIFETIME, LONGEST_LIFETIME);
      return new Token(value.get(), clock.instant().plusSeconds(seconds).minus(MARGIN));
    } catch (JsonSyntaxException _) {
      throw failures.page(what + " (asking " + realm.getHost() + " for a token)");
    }
  }

  private static boolean isHeaderSafe(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127);
  }

  private URI realm(Challenge known, String what) throws IOException {
    var text = known.parameter("realm").orElse("");
    try {
      var uri = new URI(text);
      var https = "https".equalsIgnoreCase(uri.getScheme());
      var http = "http".equalsIgnoreCase(uri.getScheme());
      if (uri.getHost() != null
          && uri.getUserInfo() == null
          && (https || (http && endpoint.plainAllowed()))) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // Told below, with the other ways a realm can be wrong.
    }
    throw failures.nonsense(
        what, "its token service is not an https address: \"" + text + "\"", "");
  }

  private static Call ask(
      String what,
      URI realm,
      Optional<String> service,
      List<String> scopes,
      Optional<Credential> credential) {
    var query = new ArrayList<String>();
    service.ifPresent(name -> query.add("service=" + encoded(name)));
    scopes.forEach(scope -> query.add("scope=" + encoded(scope)));
    Map<String, String> headers = Map.of();
    if (credential.orElse(null) instanceof Credential.UserPassword user) {
      query.add("account=" + encoded(user.user()));
      headers = Map.of("Authorization", basic(user));
    }
    var text = realm.toString();
    var separator = text.contains("?") ? "&" : "?";
    var uri = query.isEmpty() ? realm : URI.create(text + separator + String.join("&", query));
    return new Call(what, "GET", uri, "", List.of(), headers, new Call.Body.None());
  }

  private static Call exchange(String what, URI realm, String form) {
    return new Call(
        what,
        "POST",
        realm,
        "",
        List.of(),
        Map.of("Content-Type", FORM),
        new Call.Body.Bytes(form.getBytes(UTF_8)));
  }

  private static String form(Optional<String> service, List<String> scopes, String refresh) {
    return "grant_type=refresh_token&client_id=birgus"
        + service.map(name -> "&service=" + encoded(name)).orElse("")
        + (scopes.isEmpty() ? "" : "&scope=" + encoded(String.join(" ", scopes)))
        + "&refresh_token="
        + encoded(refresh);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
