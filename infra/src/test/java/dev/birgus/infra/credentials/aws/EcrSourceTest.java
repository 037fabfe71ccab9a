package dev.birgus.infra.credentials.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.credentials.CloudUnavailableException;
import dev.birgus.infra.credentials.Credential.UserPassword;
import dev.birgus.infra.testkit.TokenServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Amazon's own SDK against a stand-in of its services. */
@Timeout(60)
final class EcrSourceTest {

  private static final String REGISTRY = "123456789012.dkr.ecr.us-west-2.amazonaws.com";
  private static final Map<String, String> KEYS =
      Map.of("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY", "hunter2");

  @TempDir Path folder;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private TokenServices services;

  @BeforeEach
  void start() throws IOException {
    services = new TokenServices();
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private EcrSource source(Map<String, String> environment) {
    return EcrSource.of(environment, services, now::get);
  }

  private String data(String password) {
    var token = Base64.getEncoder().encodeToString(("AWS:" + password).getBytes(UTF_8));
    var end = now.get().plus(Duration.ofHours(12)).getEpochSecond();
    return "{\"authorizationToken\":\"" + token + "\",\"expiresAt\":" + end + "}";
  }

  private TokenServices.Answer token(String password) {
    return new TokenServices.Answer(200, "{\"authorizationData\":[" + data(password) + "]}");
  }

  @Test
  void theTokenOfARegionIsAskedForAtItsOwnServiceAndKept() throws IOException {
    // given
    services
        .on("api.ecr.us-west-2.amazonaws.com", _ -> token("west"))
        .on("api.ecr.eu-central-1.amazonaws.com", _ -> token("east"));
    var source = source(KEYS);

    // then
    assertThat(source.credential(REGISTRY)).isEqualTo(new UserPassword("AWS", "west"));
    assertThat(source.credential("210987654321.dkr.ecr.us-west-2.amazonaws.com"))
        .isEqualTo(new UserPassword("AWS", "west"));
    assertThat(source.credential("123456789012.dkr.ecr.eu-central-1.amazonaws.com"))
        .isEqualTo(new UserPassword("AWS", "east"));
    assertThat(services.addresses())
        .containsExactly(
            "https://api.ecr.us-west-2.amazonaws.com/",
            "https://api.ecr.eu-central-1.amazonaws.com/");
    assertThat(services.asked().getFirst().headers().get("authorization"))
        .contains("Credential=AKIDEXAMPLE/", "/us-west-2/ecr/aws4_request");
  }

  @Test
  void aTokenIsRenewedBeforeItEnds() throws IOException {
    // given
    services.on("api.ecr.us-west-2.amazonaws.com", _ -> token("at " + now.get()));
    var source = source(KEYS);
    var first = source.credential(REGISTRY);

    // when
    now.updateAndGet(instant -> instant.plus(Duration.ofHours(11)));
    var later = source.credential(REGISTRY);
    now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(50)));
    var last = source.credential(REGISTRY);

    // then
    assertThat(later).isEqualTo(first);
    assertThat(last).isEqualTo(new UserPassword("AWS", "at 2026-01-01T11:50:00Z"));
  }

  @Test
  void whileNoNewTokenCanBeHadTheOldOneServesToItsEnd() throws IOException {
    // given
    services.on("api.ecr.us-west-2.amazonaws.com", _ -> token("old"));
    var source = source(KEYS);
    source.credential(REGISTRY);
    services.on("api.ecr.us-west-2.amazonaws.com", _ -> new TokenServices.Answer(400, "{}"));

    // then
    now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(710)));
    assertThat(source.credential(REGISTRY)).isEqualTo(new UserPassword("AWS", "old"));
    now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(20)));
    assertThatThrownBy(() -> source.credential(REGISTRY))
        .isInstanceOf(CloudUnavailableException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn, api.ecr.cn-north-1.amazonaws.com.cn",
    "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com, api.ecr-fips.us-gov-west-1.amazonaws.com",
    "123456789012.dkr-ecr.eu-west-1.on.aws, ecr.eu-west-1.api.aws"
  })
  void otherPartitionsAndEndpointsHaveServicesOfTheirOwn(String registry, String service)
      throws IOException {
    services.on(service, _ -> token("x"));

    assertThat(source(KEYS).credential(registry)).isEqualTo(new UserPassword("AWS", "x"));
  }

  @Test
  void thePublicRegistryHasItsServiceInOneRegion() throws IOException {
    services.on(
        "api.ecr-public.us-east-1.amazonaws.com", "{\"authorizationData\":" + data("pub") + "}");

    assertThat(source(KEYS).credential("public.ecr.aws")).isEqualTo(new UserPassword("AWS", "pub"));
  }

  @Test
  void aWebIdentityIsExchangedForARole() throws IOException {
    // given: as a cluster sets it up for a pod
    var token = Files.writeString(folder.resolve("token"), "the.pods.token");
    var environment = new HashMap<String, String>();
    environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
    environment.put("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/builder");
    environment.put("AWS_REGION", "eu-west-1");
    services
        .on(
            "sts.eu-west-1.amazonaws.com",
            """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
             <AssumeRoleWithWebIdentityResult><Credentials>
              <AccessKeyId>ASIAPOD</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
              <SessionToken>session</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
             </Credentials></AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>
            """)
        .on("api.ecr.us-west-2.amazonaws.com", _ -> token("pod"));

    // then
    assertThat(source(environment).credential(REGISTRY)).isEqualTo(new UserPassword("AWS", "pod"));
    assertThat(services.asked().getFirst().field("WebIdentityToken")).isEqualTo("the.pods.token");
    assertThat(services.asked().getLast().headers())
        .containsEntry("x-amz-security-token", "session");
  }

  @Test
  void aRefusalSaysWhatAwsSaysAndNoKey() {
    services.on(
        "api.ecr.us-west-2.amazonaws.com",
        _ ->
            new TokenServices.Answer(
                400,
                "{\"__type\":\"UnrecognizedClientException\",\"message\":\"The security token"
                    + " included in the request is invalid.\"}"));

    assertThatThrownBy(() -> source(KEYS).credential(REGISTRY))
        .isInstanceOfSatisfying(
            CloudUnavailableException.class, none -> assertThat(none.configured()).isTrue())
        .hasMessageContaining("The security token included in the request is invalid")
        .hasMessageContaining("us-west-2")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void halfOfAKeyIsSaidToBeHalf() {
    var environment =
        Map.of("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", "AWS_EC2_METADATA_DISABLED", "true");

    assertThatThrownBy(() -> source(environment).credential(REGISTRY))
        .isInstanceOf(CloudUnavailableException.class)
        .hasMessageContaining("AWS_SECRET_ACCESS_KEY")
        .hasMessageContaining("not set");
  }

  @ParameterizedTest
  @CsvSource({
    "123456789012.dkr.ecr.us-west-2.amazonaws.com, us-west-2, false, false",
    "123456789012.dkr.ecr-fips.us-gov-east-1.amazonaws.com, us-gov-east-1, true, false",
    "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn, cn-north-1, false, false",
    "123456789012.dkr-ecr.us-east-1.on.aws, us-east-1, false, true"
  })
  void theHostNameTellsRegionAndKind(
      String registry, String region, boolean fips, boolean dualStack) {
    assertThat(EcrRegistry.of(registry)).contains(new EcrRegistry(region, false, fips, dualStack));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "123456789012.dkr.ecr.us-west-2.amazonaws.com.evil.test",
        "x123456789012.dkr.ecr.us-west-2.amazonaws.com",
        "12345678901.dkr.ecr.us-west-2.amazonaws.com",
        "123456789012.dkr.ecr.us-west-2.evilamazonaws.com",
        "123456789012.dkr.ecr.amazonaws.com",
        "123456789012.dkr.ecr.us.west.amazonaws.com",
        "evil.public.ecr.aws",
        "index.docker.io"
      })
  void otherHostsAreNotAmazons(String registry) {
    assertThat(EcrRegistry.of(registry)).isEqualTo(Optional.empty());
  }
}
