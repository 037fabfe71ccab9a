package dev.birgus.cli.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.testkit.RealRegistry;
import dev.birgus.infra.testkit.RegistryTokens;
import dev.birgus.infra.testkit.TokenServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pushes to clouds' registries by their own names: a real registry, real client libraries, and
 * stand-ins for the services that give tokens.
 */
@Timeout(300)
class CloudCredentialsTest {

  private static final String GOOGLE = "us-central1-docker.pkg.dev";
  private static final String AMAZON = "123456789012.dkr.ecr.us-west-2.amazonaws.com";
  private static final String AMAZONS_SERVICE = "api.ecr.us-west-2.amazonaws.com";
  private static final String ACCESS_TOKEN = "ya29.stand-in";

  @TempDir Path folder;

  @BeforeEach
  void aContext() throws IOException {
    Tool.needRoot();
    Tool.need("docker-registry", "openssl", "skopeo");
    Files.createDirectories(folder.resolve("context"));
    Files.writeString(folder.resolve("context/Dockerfile"), "FROM scratch\nCOPY file /\n");
    Files.writeString(folder.resolve("context/file"), "crab\n");
  }

  private BirgusProcess birgus(Tunnels tunnels) {
    return new BirgusProcess(folder.resolve("state"), folder)
        .with("HOME", folder.toString())
        .with("HTTPS_PROXY", tunnels.address())
        .with("NO_PROXY", "");
  }

  private String digestBySkopeo(Tunnels tunnels, Path authority, String user, String image)
      throws IOException, InterruptedException {
    return Tool.sh(
        folder,
        "HTTPS_PROXY="
            + tunnels.address()
            + " NO_PROXY= SSL_CERT_FILE="
            + authority
            + " skopeo inspect --creds '"
            + user
            + "' --format '{{.Digest}}' docker://"
            + image);
  }

  private static String serviceAccount() throws GeneralSecurityException {
    var key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded();
    return """
    {"type":"service_account","project_id":"p","private_key_id":"1",
     "private_key":"-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n",
     "client_email":"builder@p.iam.gserviceaccount.com","client_id":"2",
     "token_uri":"https://oauth2.googleapis.com/token"}
    """
        .formatted(Base64.getEncoder().encodeToString(key));
  }

  /** The registry's token service: who shows Google's access token gets what it asks for. */
  private static TokenServices.Answer registryToken(
      RegistryTokens tokens, TokenServices.Asked asked) {
    var shown = "oauth2accesstoken:" + ACCESS_TOKEN;
    var basic = "Basic " + Base64.getEncoder().encodeToString(shown.getBytes(UTF_8));
    if (!basic.equals(asked.headers().get("authorization"))) {
      return new TokenServices.Answer(401, "{}");
    }
    try {
      var token = tokens.token(asked.parameters("scope"));
      return new TokenServices.Answer(200, "{\"token\":\"" + token + "\",\"expires_in\":300}");
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Test
  void aServiceAccountsKeyIsEnoughForGoogleArtifactRegistry() throws Exception {
    // given
    var place = Files.createDirectories(folder.resolve("google"));
    var names = "DNS:" + GOOGLE + ",DNS:oauth2.googleapis.com,DNS:tokens.test";
    try (var registry =
            RealRegistry.withTlsAndTokens(place, names, "https://tokens.test/registry");
        var tunnels = new Tunnels()) {
      var tokens = new RegistryTokens(place);
      try (var services = TokenServices.withTls(tokens.tls())) {
        services
            .on(
                "oauth2.googleapis.com",
                "{\"access_token\":\"" + ACCESS_TOKEN + "\",\"expires_in\":3599}")
            .on("tokens.test", asked -> registryToken(tokens, asked));
        tunnels
            .lead(GOOGLE, registry.host())
            .lead("oauth2.googleapis.com", services.address())
            .lead("tokens.test", services.address());
        var key = Files.writeString(folder.resolve("kaniko-secret.json"), serviceAccount());
        var image = GOOGLE + "/project/repository/app:1.0";

        // when
        var outcome =
            birgus(tunnels)
                .with("GOOGLE_APPLICATION_CREDENTIALS", key.toString())
                .with("SSL_CERT_FILE", registry.authority().toString())
                .run(
                    "--dockerfile=context/Dockerfile",
                    "--context=dir://" + folder.resolve("context"),
                    "--destination=" + image,
                    "--digest-file=digest");

        // then
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.all()).doesNotContain(ACCESS_TOKEN, "PRIVATE KEY");
        assertThat(
                digestBySkopeo(
                    tunnels, registry.authority(), "oauth2accesstoken:" + ACCESS_TOKEN, image))
            .isEqualToIgnoringNewLines(Files.readString(folder.resolve("digest")));
        assertThat(services.addresses())
            .containsOnlyOnce("https://oauth2.googleapis.com/token")
            .contains("https://tokens.test/registry");
      }
    }
  }

  @Test
  void aMountedCredentialsFileIsEnoughForAmazonEcr() throws Exception {
    // given
    var place = Files.createDirectories(folder.resolve("amazon"));
    var names = "DNS:" + AMAZON + ",DNS:" + AMAZONS_SERVICE;
    try (var registry = RealRegistry.withTlsAndPassword(place, names, "AWS");
        var services = TokenServices.withTls(new RegistryTokens(place).tls());
        var tunnels = new Tunnels()) {
      var token =
          Base64.getEncoder().encodeToString(("AWS:" + RealRegistry.PASSWORD).getBytes(UTF_8));
      var end = Instant.now().plus(Duration.ofHours(12)).getEpochSecond();
      services.on(
          AMAZONS_SERVICE,
          "{\"authorizationData\":[{\"authorizationToken\":\"%s\",\"expiresAt\":%d}]}"
              .formatted(token, end));
      tunnels.lead(AMAZON, registry.host()).lead(AMAZONS_SERVICE, services.address());
      var file =
          Files.writeString(
              folder.resolve("credentials"),
              "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = hunter2\n");
      var image = AMAZON + "/team/app:1.0";

      // when: each authority is believed for its own host alone
      var outcome =
          birgus(tunnels)
              .with("AWS_SHARED_CREDENTIALS_FILE", file.toString())
              .with("AWS_REGION", "us-west-2")
              .run(
                  "--dockerfile=context/Dockerfile",
                  "--context=dir://" + folder.resolve("context"),
                  "--destination=" + image,
                  "--registry-certificate=" + AMAZON + "=" + registry.authority(),
                  "--registry-certificate=" + AMAZONS_SERVICE + "=" + registry.authority(),
                  "--digest-file=digest");

      // then
      assertThat(outcome.exitCode()).as(outcome.all()).isZero();
      assertThat(outcome.all()).doesNotContain(RealRegistry.PASSWORD, "hunter2", token);
      assertThat(outcome.err()).doesNotContain("SLF4J");
      assertThat(
              digestBySkopeo(tunnels, registry.authority(), "AWS:" + RealRegistry.PASSWORD, image))
          .isEqualToIgnoringNewLines(Files.readString(folder.resolve("digest")));
      assertThat(services.asked())
          .singleElement()
          .satisfies(asked ->
              assertThat(asked.headers().get("authorization"))
                  .contains("Credential=AKIDEXAMPLE/", "/us-west-2/ecr/aws4_request"));
    }
  }

  @Test
  void whyThereWereNoCredentialsIsToldWithTheRefusal() throws Exception {
    // given
    var place = Files.createDirectories(folder.resolve("amazon"));
    try (var registry = RealRegistry.withTlsAndPassword(place, "DNS:" + AMAZON, "AWS");
        var tunnels = new Tunnels().lead(AMAZON, registry.host())) {

      // when
      var outcome =
          birgus(tunnels)
              .with("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("missing").toString())
              .with("AWS_EC2_METADATA_DISABLED", "true")
              .run(
                  "--context=context",
                  "--destination=" + AMAZON + "/team/app:1.0",
                  "--registry-certificate=" + AMAZON + "=" + registry.authority());

      // then
      assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(1);
      assertThat(outcome.err())
          .contains("error checking push permissions")
          .contains("the registry answered 401")
          .contains("AWS gave no credentials: the profile default cannot be used")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void noCloudsClassesAreLoadedForOtherRegistries() throws Exception {
    // given
    try (var registry = RealRegistry.plain(Files.createDirectories(folder.resolve("plain")));
        var tunnels = new Tunnels()) {
      var log = folder.resolve("classes");
      var commands =
          List.of(
              List.of("--help"),
              List.of("--context=context", "--destination=" + registry.host() + "/app:1"));
      for (var command : commands) {

        // when
        var outcome =
            birgus(tunnels)
                .withHeap("-Xlog:class+load:file=" + log)
                .with("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
                .with("GOOGLE_APPLICATION_CREDENTIALS", "/no/such.json")
                .run(command.toArray(String[]::new));

        // then
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(Files.readString(log))
            .contains("dev.birgus.cli.Main")
            .doesNotContain("software.amazon", "com.google.auth", "com.google.api");
      }
      assertThat(tunnels.asked()).isEmpty();
    }
  }

  @Test
  void noHttpClientIsLoadedWhereNoRegistryIsAsked() throws Exception {
    // given
    try (var tunnels = new Tunnels()) {
      Files.writeString(folder.resolve("context/alone"), "FROM scratch\nCOPY alone /\n");
      var log = folder.resolve("classes");

      // when
      var outcome =
          birgus(tunnels)
              .withHeap("-Xlog:class+load:file=" + log)
              .run(
                  "--context=context",
                  "--dockerfile=context/alone",
                  "--no-push",
                  "--destination=example.com/app:1",
                  "--tar-path=" + folder.resolve("image.tar"));

      // then
      assertThat(outcome.exitCode()).as(outcome.all()).isZero();
      assertThat(Files.readString(log))
          .contains("dev.birgus.cli.Main")
          .doesNotContain("org.apache.hc", "jdk.internal.net.http.", "org.slf4j");
    }
  }
}
