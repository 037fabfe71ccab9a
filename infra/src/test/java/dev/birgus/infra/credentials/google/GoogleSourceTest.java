package dev.birgus.infra.credentials.google;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.credentials.CloudUnavailableException;
import dev.birgus.infra.credentials.Credential.UserPassword;
import dev.birgus.infra.testkit.TokenServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Google's own client library against a stand-in of its token services. */
@Timeout(60)
final class GoogleSourceTest {

  private static final String REGISTRY = "us-central1-docker.pkg.dev";

  @TempDir Path folder;
  private TokenServices services;

  @BeforeEach
  void start() throws IOException {
    services = new TokenServices();
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private GoogleSource source(String json) throws IOException {
    var file = Files.writeString(folder.resolve("key.json"), json);
    return new GoogleSource(
        Map.of("GOOGLE_APPLICATION_CREDENTIALS", file.toString()),
        services,
        InstantSource.system());
  }

  private static String serviceAccount() throws NoSuchAlgorithmException {
    var key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded();
    var lines =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key).replace("\n", "\\n");
    return """
    {"type":"service_account","project_id":"p","private_key_id":"1",
     "private_key":"-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n",
     "client_email":"builder@p.iam.gserviceaccount.com","client_id":"2",
     "token_uri":"https://oauth2.googleapis.com/token"}
    """
        .formatted(lines);
  }

  @Test
  void aServiceAccountsKeyIsExchangedForATokenOnce() throws Exception {
    // given
    services.on(
        "oauth2.googleapis.com",
        "{\"access_token\":\"ya29.a\",\"expires_in\":3600,\"token_type\":\"Bearer\"}");
    var source = source(serviceAccount());

    // when
    var first = source.credential(REGISTRY);
    var second = source.credential("eu.gcr.io");

    // then
    assertThat(first).isEqualTo(new UserPassword("oauth2accesstoken", "ya29.a")).isEqualTo(second);
    assertThat(services.addresses()).containsExactly("https://oauth2.googleapis.com/token");
    var claims = services.asked().getFirst().field("assertion").split("\\.")[1];
    assertThat(new String(Base64.getUrlDecoder().decode(claims), UTF_8))
        .contains("builder@p.iam.gserviceaccount.com")
        .contains("https://www.googleapis.com/auth/cloud-platform");
  }

  @Test
  void aTokenThatIsAboutToEndIsRenewed() throws Exception {
    // given: tokens of two minutes, less than what a credential has to be good for
    var number = new AtomicInteger();
    services.on(
        "oauth2.googleapis.com",
        _ ->
            new TokenServices.Answer(
                200,
                "{\"access_token\":\"t"
                    + number.incrementAndGet()
                    + "\",\"expires_in\":120,\"token_type\":\"Bearer\"}"));
    var source = source(serviceAccount());

    // then
    assertThat(source.credential(REGISTRY)).isEqualTo(new UserPassword("oauth2accesstoken", "t1"));
    assertThat(source.credential(REGISTRY)).isEqualTo(new UserPassword("oauth2accesstoken", "t2"));
  }

  @Test
  void anOldTokenServesWhileNoNewOneCanBeHad() throws Exception {
    // given
    var number = new AtomicInteger();
    services.on(
        "oauth2.googleapis.com",
        _ ->
            number.incrementAndGet() == 1
                ? new TokenServices.Answer(
                    200, "{\"access_token\":\"t\",\"expires_in\":120,\"token_type\":\"Bearer\"}")
                : new TokenServices.Answer(403, "{\"error\":\"access_denied\"}"));
    var source = source(serviceAccount());

    // then
    assertThat(source.credential(REGISTRY)).isEqualTo(new UserPassword("oauth2accesstoken", "t"));
    assertThat(source.credential(REGISTRY)).isEqualTo(new UserPassword("oauth2accesstoken", "t"));
    assertThat(number).hasValueGreaterThan(1);
  }

  @Test
  void aUsersRefreshTokenWorksToo() throws Exception {
    services.on(
        "oauth2.googleapis.com",
        "{\"access_token\":\"ya29.b\",\"expires_in\":3600,\"token_type\":\"Bearer\"}");

    var credential =
        source(
                "{\"type\":\"authorized_user\",\"client_id\":\"c\",\"client_secret\":\"s\","
                    + "\"refresh_token\":\"r\"}")
            .credential(REGISTRY);

    assertThat(credential).isEqualTo(new UserPassword("oauth2accesstoken", "ya29.b"));
    assertThat(services.asked().getFirst().field("refresh_token")).isEqualTo("r");
  }

  @Test
  void aWorkloadsTokenIsExchangedByFederation() throws Exception {
    // given: as a CI's OIDC token in a file is
    var subject = Files.writeString(folder.resolve("oidc"), "the.ci.token");
    services.on(
        "sts.googleapis.com",
        "{\"access_token\":\"federated\",\"issued_token_type\":"
            + "\"urn:ietf:params:oauth:token-type:access_token\",\"token_type\":\"Bearer\","
            + "\"expires_in\":3600}");
    var audience = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p";

    // when
    var credential =
        source(
                """
                {"type":"external_account","audience":"%s/providers/ci",
                 "subject_token_type":"urn:ietf:params:oauth:token-type:jwt",
                 "token_url":"https://sts.googleapis.com/v1/token",
                 "credential_source":{"file":"%s"}}
                """
                    .formatted(audience, subject))
            .credential(REGISTRY);

    // then
    assertThat(credential).isEqualTo(new UserPassword("oauth2accesstoken", "federated"));
    assertThat(services.asked().getFirst().field("subject_token")).isEqualTo("the.ci.token");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    var source =
        new GoogleSource(
            Map.of("GOOGLE_APPLICATION_CREDENTIALS", "/no/such.json"),
            services,
            InstantSource.system());

    assertThatThrownBy(() -> source.credential(REGISTRY))
        .isInstanceOfSatisfying(
            CloudUnavailableException.class, none -> assertThat(none.configured()).isTrue())
        .hasMessageContaining("/no/such.json")
        .hasMessageContaining("no such file");
  }

  @Test
  void aRefusedKeyIsToldWithoutTheKey() throws Exception {
    services.on(
        "oauth2.googleapis.com",
        _ ->
            new TokenServices.Answer(
                400, "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid signature\"}"));
    var json = serviceAccount();
    var source = source(json);

    assertThatThrownBy(() -> source.credential(REGISTRY))
        .isInstanceOf(CloudUnavailableException.class)
        .hasMessageContaining("invalid_grant")
        .hasMessageNotContaining("PRIVATE KEY");
  }

  @ParameterizedTest
  @CsvSource({
    "gcr.io, true",
    "eu.gcr.io, true",
    "US-CENTRAL1-docker.pkg.dev, true",
    "evilgcr.io, false",
    "gcr.io.evil.test, false",
    "pkg.dev, false",
    "notpkg.dev, false",
    "gcr.io:5000, false"
  })
  void onlyGooglesOwnHostsAreShownAToken(String registry, boolean expected) {
    assertThat(GoogleRegistry.serves(registry)).isEqualTo(expected);
  }
}
