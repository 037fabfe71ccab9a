package dev.birgus.infra.registry;

import static dev.birgus.infra.registry.FaultServer.bytes;
import static dev.birgus.infra.registry.FaultServer.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.credentials.Credential;
import dev.birgus.infra.credentials.Credentials;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Credentials that end while they are used, and those that should have been there. */
@Timeout(60)
final class CredentialRenewalTest {

  private static final byte[] MANIFEST =
      "{\"schemaVersion\":2,\"layers\":[],\"config\":{}}".getBytes(UTF_8);
  private static final String TYPE = MediaType.OCI_MANIFEST.value();

  private FaultServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FaultServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static FaultServer.Reply wanting(String password) {
    return exchange -> {
      var pair = java.util.Base64.getEncoder().encodeToString(("me:" + password).getBytes(UTF_8));
      var shown = exchange.getRequestHeaders().getFirst("Authorization");
      var reply =
          ("Basic " + pair).equals(shown)
              ? bytes(200, MANIFEST, "Content-Type", TYPE)
              : status(401, "WWW-Authenticate", "Basic realm=x");
      reply.to(exchange);
    };
  }

  @Test
  void aRejectedCredentialIsAskedForAnew() throws IOException {
    // given: a source whose credential ends earlier than anybody knew
    var current = new AtomicReference<>("first");
    server.on("GET /v2/app/manifests/1", wanting("first"), wanting("first"), wanting("second"));
    try (var registries =
        new RemoteRegistries(
            RegistrySettings.DEFAULT,
            (_, _) -> Optional.of(new Credential.UserPassword("me", current.get())),
            Journal.silent())) {
      var registry = registries.pull(server.host());
      registry.manifest("app", "1");

      // when
      current.set("second");

      // then
      assertThat(registry.manifest("app", "1")).isPresent();
    }
  }

  @Test
  void aCredentialIsAskedForAgainAfterAFewMinutes() throws IOException {
    // given
    var now = new AtomicReference<>(Instant.EPOCH);
    var number = new AtomicInteger();
    var authentication =
        new RegistryAuthentication(
            Endpoint.of("registry.test", Endpoint.Direction.PUSH, RegistrySettings.DEFAULT),
            (_, _) -> Optional.of(new Credential.RegistryToken("t" + number.incrementAndGet())),
            _ -> {
              throw new AssertionError("must not be asked");
            },
            now::get);
    var call =
        new Call(
            "test",
            "GET",
            URI.create("https://registry.test/v2/"),
            "app",
            List.of(),
            Map.of(),
            new Call.Body.None());
    authentication.renewed(List.of("Basic realm=x"), call, "");

    // then
    assertThat(authentication.header(call)).contains("Bearer t1");
    now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(2)));
    assertThat(authentication.header(call)).contains("Bearer t1");
    now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(2)));
    assertThat(authentication.header(call)).contains("Bearer t2");
  }

  @Test
  void whyThereWereNoCredentialsIsSaidWhenTheRegistryWantsSome() {
    // given
    var credentials =
        new Credentials() {
          @Override
          public Optional<Credential> find(String registry, String repository) {
            return Optional.empty();
          }

          @Override
          public Optional<String> reasonForNone(String registry) {
            return Optional.of("AWS gave no credentials: there are none");
          }
        };
    server.on("GET /v2/app/manifests/1", status(401, "WWW-Authenticate", "Basic realm=x"));

    // then
    try (var registries =
        new RemoteRegistries(RegistrySettings.DEFAULT, credentials, Journal.silent())) {
      assertThatThrownBy(() -> registries.pull(server.host()).manifest("app", "1"))
          .isInstanceOfSatisfying(
              RegistryException.class,
              denied -> assertThat(denied.failure().name()).isEqualTo("registry-denied"))
          .hasMessageContaining("401")
          .hasMessageEndingWith("; AWS gave no credentials: there are none");
    }
  }

  @Test
  void anImmutableTagThatIsWhereItShouldBeNeedsNoMoving() throws IOException {
    // given
    var refusal = "{\"errors\":[{\"code\":\"TAG_INVALID\",\"message\":\"tag is immutable\"}]}";
    server
        .on("PUT /v2/app/manifests/1", bytes(400, refusal.getBytes(UTF_8)))
        .on("GET /v2/app/manifests/1", bytes(200, MANIFEST, "Content-Type", TYPE))
        .on(
            "HEAD /v2/app/manifests/1",
            status(
                200,
                "Content-Type",
                TYPE,
                "Docker-Content-Digest",
                Digest.sha256(MANIFEST).toString()));
    var other = "{\"schemaVersion\":2,\"layers\":[],\"config\":{ }}".getBytes(UTF_8);

    // then
    try (var registries =
        new RemoteRegistries(
            RegistrySettings.DEFAULT, (_, _) -> Optional.empty(), Journal.silent())) {
      var registry = registries.push(server.host());
      registry.pushManifest("app", "1", MediaType.OCI_MANIFEST, MANIFEST);
      assertThatThrownBy(() -> registry.pushManifest("app", "1", MediaType.OCI_MANIFEST, other))
          .isInstanceOfSatisfying(
              RegistryException.class,
              refused -> assertThat(refused.failure().name()).isEqualTo("tag-immutable"));
    }
  }
}
