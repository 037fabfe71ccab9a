package dev.birgus.cli.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.testkit.Fault;
import dev.birgus.infra.testkit.FaultProxy;
import dev.birgus.infra.testkit.RealRegistry;
import dev.birgus.infra.testkit.RegistryTokens;
import dev.birgus.infra.testkit.TokenServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Machines and pods that clouds give an identity without a file of keys: pushes to the clouds'
 * registries by their own names, with the real client libraries.
 */
@Timeout(300)
class CloudIdentitiesTest {

  private static final String GOOGLE = "europe-docker.pkg.dev";
  private static final String AMAZON = "123456789012.dkr.ecr.us-west-2.amazonaws.com";
  private static final String AMAZONS_PUBLIC = "public.ecr.aws";
  private static final String AZURE = "team.azurecr.io";
  private static final String ECR = "api.ecr.us-west-2.amazonaws.com";
  private static final String ECR_PUBLIC = "api.ecr-public.us-east-1.amazonaws.com";
  private static final String STS = "sts.us-west-2.amazonaws.com";
  private static final String ENTRA = "login.microsoftonline.com";

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private Tunnels tunnels;
  private TokenServices services;
  private Path place;

  @BeforeEach
  void aContext() throws IOException {
    Tool.needRoot();
    Tool.need("docker-registry", "openssl", "skopeo");
    Files.createDirectories(folder.resolve("context"));
    Files.writeString(folder.resolve("context/Dockerfile"), "FROM scratch\nCOPY file /\n");
    Files.writeString(folder.resolve("context/file"), "crab\n");
    place = Files.createDirectories(folder.resolve("registry"));
    tunnels = new Tunnels();
    open.add(tunnels);
    services = new TokenServices();
    open.add(services);
  }

  @AfterEach
  void end() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
  }

  private static String names(String... hosts) {
    return String.join(",", Arrays.stream(hosts).map(host -> "DNS:" + host).toList());
  }

  /** A registry by a cloud's name, that wants one user and the usual password. */
  private void registry(String host, String user, String... servicesOfTheCloud) throws Exception {
    var all = new ArrayList<>(List.of(host));
    all.addAll(List.of(servicesOfTheCloud));
    var registry = RealRegistry.withTlsAndPassword(place, names(all.toArray(String[]::new)), user);
    open.add(registry);
    services = TokenServices.withTls(new RegistryTokens(place).tls());
    open.add(services);
    tunnels.lead(host, registry.host());
    for (var service : servicesOfTheCloud) {
      tunnels.lead(service, services.address());
    }
  }

  private BirgusProcess birgus() {
    return new BirgusProcess(folder.resolve("state"), folder)
        .with("HOME", folder.toString())
        .with("HTTPS_PROXY", tunnels.address())
        .with("NO_PROXY", "")
        .with("SSL_CERT_FILE", place.resolve("ca.pem").toString());
  }

  private void pushes(BirgusProcess birgus, String image, String skopeosAccess) throws Exception {
    var outcome =
        birgus.run(
            "--context=context",
            "--destination=" + image,
            "--digest-file=digest",
            "--verbosity=debug");
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    assertThat(outcome.all())
        .doesNotContain(RealRegistry.PASSWORD, token(), "the.pods.token", "hunter2");
    var skopeo =
        "HTTPS_PROXY=%s NO_PROXY= SSL_CERT_FILE=%s skopeo inspect %s --format '{{.Digest}}' docker://%s"
            .formatted(tunnels.address(), place.resolve("ca.pem"), skopeosAccess, image);
    assertThat(Tool.sh(folder, skopeo))
        .isEqualToIgnoringNewLines(Files.readString(folder.resolve("digest")));
  }

  private static String token() {
    return Base64.getEncoder().encodeToString(("AWS:" + RealRegistry.PASSWORD).getBytes(UTF_8));
  }

  private static String authorization() {
    var end = Instant.now().plus(Duration.ofHours(12)).getEpochSecond();
    return "{\"authorizationToken\":\"" + token() + "\",\"expiresAt\":" + end + "}";
  }

  private static String ofAmazon() {
    return "--creds 'AWS:" + RealRegistry.PASSWORD + "'";
  }

  @Test
  void aMachineOfGooglesCloud() throws Exception {
    registry(GOOGLE, "oauth2accesstoken");
    var metadata =
        new TokenServices()
            .on(
                "127.0.0.1",
                "{\"access_token\":\""
                    + RealRegistry.PASSWORD
                    + "\",\"expires_in\":3599,\"token_type\":\"Bearer\"}");
    open.add(metadata);

    pushes(
        birgus().with("GCE_METADATA_HOST", metadata.address()),
        GOOGLE + "/project/repository/app:1.0",
        "--creds 'oauth2accesstoken:" + RealRegistry.PASSWORD + "'");

    assertThat(metadata.addresses())
        .anySatisfy(address -> assertThat(address).endsWith("/default/token"));
  }

  @Test
  void aPodOfAmazonsWithARole() throws Exception {
    registry(AMAZON, "AWS", ECR, STS);
    services
        .on(ECR, "{\"authorizationData\":[" + authorization() + "]}")
        .on(
            STS,
            """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
             <AssumeRoleWithWebIdentityResult><Credentials>
              <AccessKeyId>ASIAPOD</AccessKeyId><SecretAccessKey>hunter2</SecretAccessKey>
              <SessionToken>session</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
             </Credentials></AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>
            """);
    var token = Files.writeString(folder.resolve("token"), "the.pods.token");

    pushes(
        birgus()
            .with("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString())
            .with("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/builder")
            .with("AWS_REGION", "us-west-2"),
        AMAZON + "/team/app:1.0",
        ofAmazon());

    assertThat(services.asked().getFirst().field("WebIdentityToken")).isEqualTo("the.pods.token");
  }

  @Test
  void aPodOfAmazonsWithAnIdentity() throws Exception {
    registry(AMAZON, "AWS", ECR);
    services.on(ECR, "{\"authorizationData\":[" + authorization() + "]}");
    var agent =
        new TokenServices()
            .on(
                "127.0.0.1",
                """
                {"AccessKeyId":"ASIAPOD","SecretAccessKey":"hunter2","Token":"session",
                 "Expiration":"2099-01-01T00:00:00Z"}
                """);
    open.add(agent);
    var token = Files.writeString(folder.resolve("token"), "the.pods.token");

    pushes(
        birgus()
            .with(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "http://" + agent.address() + "/v1/credentials")
            .with("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.toString()),
        AMAZON + "/team/app:1.0",
        ofAmazon());

    assertThat(agent.asked())
        .first()
        .satisfies(
            asked -> assertThat(asked.headers()).containsEntry("authorization", "the.pods.token"));
    assertThat(services.asked().getFirst().headers())
        .containsEntry("x-amz-security-token", "session");
  }

  @Test
  void amazonsPublicRegistry() throws Exception {
    registry(AMAZONS_PUBLIC, "AWS", ECR_PUBLIC);
    services.on(ECR_PUBLIC, "{\"authorizationData\":" + authorization() + "}");

    pushes(
        birgus().with("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE").with("AWS_SECRET_ACCESS_KEY", "hunter2"),
        AMAZONS_PUBLIC + "/alias/app:1.0",
        ofAmazon());
  }

  /** What Azure's registry does about tokens beside being one. */
  private static TokenServices.Answer azure(RegistryTokens tokens, TokenServices.Asked asked) {
    if (asked.address().endsWith("/oauth2/exchange")) {
      return asked.field("access_token").equals("entra")
          ? new TokenServices.Answer(200, "{\"refresh_token\":\"the.pods.token\"}")
          : new TokenServices.Answer(401, "{}");
    }
    if (!asked.field("refresh_token").equals("the.pods.token")) {
      return new TokenServices.Answer(401, "{}");
    }
    try {
      var token = tokens.token(Arrays.asList(asked.field("scope").split(" ")));
      return new TokenServices.Answer(200, "{\"access_token\":\"" + token + "\"}");
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Test
  void aClientOfAzure() throws Exception {
    // given: one name for the registry and for what exchanges tokens
    var registry =
        RealRegistry.withTokens(place, names(AZURE, ENTRA), "https://" + AZURE + "/oauth2/token");
    open.add(registry);
    var tokens = new RegistryTokens(place);
    var exchange = new TokenServices().on(AZURE, asked -> azure(tokens, asked));
    open.add(exchange);
    var front =
        FaultProxy.withTls(registry.host(), tokens.tls())
            .always("POST /oauth2/.*", new Fault.Divert(exchange.address()));
    open.add(front);
    services = TokenServices.withTls(tokens.tls()).on(ENTRA, "{\"access_token\":\"entra\"}");
    open.add(services);
    tunnels.lead(AZURE, front.host()).lead(ENTRA, services.address());

    // then
    pushes(
        birgus()
            .with("AZURE_TENANT_ID", "tenant")
            .with("AZURE_CLIENT_ID", "client")
            .with("AZURE_CLIENT_SECRET", "hunter2"),
        AZURE + "/team/app:1.0",
        "--registry-token " + tokens.token(List.of("repository:team/app:pull")));
  }
}
