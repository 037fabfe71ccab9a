package dev.birgus.infra.credentials.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.credentials.CloudUnavailableException;
import dev.birgus.infra.credentials.Credential.IdentityToken;
import dev.birgus.infra.testkit.TokenServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class AcrSourceTest {

  private static final String REGISTRY = "team.azurecr.io";
  private static final Map<String, String> CLIENT =
      Map.of("AZURE_TENANT_ID", "tenant", "AZURE_CLIENT_ID", "client");

  @TempDir Path folder;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private TokenServices services;

  @BeforeEach
  void start() throws IOException {
    services =
        new TokenServices()
            .on("login.microsoftonline.com", "{\"access_token\":\"entra\"}")
            .on(REGISTRY, "{\"refresh_token\":\"acr\"}");
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private AcrSource source(Map<String, String> more) {
    var environment = new HashMap<>(CLIENT);
    environment.putAll(more);
    return new AcrSource(environment, services, now::get);
  }

  @Test
  void aClientsSecretBecomesATokenOfTheRegistry() throws IOException {
    var source = source(Map.of("AZURE_CLIENT_SECRET", "hunter2"));

    assertThat(source.credential(REGISTRY)).isEqualTo(new IdentityToken("acr"));
    assertThat(source.credential(REGISTRY)).isEqualTo(new IdentityToken("acr"));
    assertThat(services.addresses())
        .containsExactly(
            "https://login.microsoftonline.com/tenant/oauth2/v2.0/token",
            "https://team.azurecr.io/oauth2/exchange");
    var login = services.asked().getFirst();
    assertThat(login.field("client_secret")).isEqualTo("hunter2");
    assertThat(login.field("scope")).isEqualTo("https://management.azure.com/.default");
    var exchange = services.asked().getLast();
    assertThat(exchange.field("grant_type")).isEqualTo("access_token");
    assertThat(exchange.field("service")).isEqualTo(REGISTRY);
    assertThat(exchange.field("access_token")).isEqualTo("entra");
  }

  @Test
  void aWorkloadsFederatedTokenStandsForTheSecret() throws IOException {
    var file = Files.writeString(folder.resolve("token"), "the.pods.token\n");
    var source = source(Map.of("AZURE_FEDERATED_TOKEN_FILE", file.toString()));

    assertThat(source.credential(REGISTRY)).isEqualTo(new IdentityToken("acr"));
    assertThat(services.asked().getFirst().field("client_assertion")).isEqualTo("the.pods.token");
  }

  @Test
  void withoutEitherTheMachinesIdentityIsAsked() throws IOException {
    services.on("169.254.169.254", "{\"access_token\":\"machine\"}");

    assertThat(source(Map.of()).credential(REGISTRY)).isEqualTo(new IdentityToken("acr"));
    var asked = services.asked().getFirst();
    assertThat(asked.headers()).containsEntry("metadata", "true");
    assertThat(asked.address())
        .contains("resource=https%3A%2F%2Fmanagement.azure.com%2F", "client_id=client");
    assertThat(services.asked().getLast().field("access_token")).isEqualTo("machine");
  }

  @Test
  void outsideOfAzureThereIsNothingToComplainAbout() {
    var source = new AcrSource(Map.of(), services, now::get);

    assertThatThrownBy(() -> source.credential(REGISTRY))
        .isInstanceOfSatisfying(
            CloudUnavailableException.class, none -> assertThat(none.configured()).isFalse())
        .hasMessageContaining("AZURE_CLIENT_ID");
  }

  @Test
  void aTokenIsExchangedAgainBeforeItEnds() throws IOException {
    // given: tokens of three hours, by their own claims
    var number = new AtomicInteger();
    services.on(
        REGISTRY,
        _ -> {
          var end = now.get().plus(Duration.ofHours(3)).getEpochSecond();
          var claims = "{\"exp\":" + end + ",\"n\":" + number.incrementAndGet() + "}";
          var part = Base64.getUrlEncoder().encodeToString(claims.getBytes(UTF_8));
          return new TokenServices.Answer(200, "{\"refresh_token\":\"h." + part + ".s\"}");
        });
    var source = source(Map.of("AZURE_CLIENT_SECRET", "s"));
    var first = source.credential(REGISTRY);

    // when
    now.updateAndGet(instant -> instant.plus(Duration.ofHours(2)));
    var later = source.credential(REGISTRY);
    now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(55)));
    var last = source.credential(REGISTRY);

    // then
    assertThat(later).isEqualTo(first);
    assertThat(last).isNotEqualTo(first);
  }

  @Test
  void aRefusalHasItsCodeAndNotItsDescription() {
    services.on(
        "login.microsoftonline.com",
        _ ->
            new TokenServices.Answer(
                401, "{\"error\":\"invalid_client\",\"error_description\":\"hunter2\"}"));

    assertThatThrownBy(() -> source(Map.of("AZURE_CLIENT_SECRET", "hunter2")).credential(REGISTRY))
        .isInstanceOf(CloudUnavailableException.class)
        .hasMessageContaining("401 (invalid_client)")
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"azurecr.io", "evilazurecr.io", "team.azurecr.io.evil.test", "mcr.microsoft.com"})
  void otherHostsAreNotAzures(String registry) {
    assertThat(AcrRegistry.of(registry)).isEmpty();
  }
}
