package dev.birgus.infra.bus.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.sasl.Sasl;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Amazon's Kafka wants to be shown is signed by the classes a server has. */
class AmazonCredentialsTest {

  private static final String MODULE = "software.amazon.msk.auth.iam.IAMLoginModule";
  private static final String HANDLER = "software.amazon.msk.auth.iam.IAMClientCallbackHandler";
  private static final String MECHANISM = "AWS_MSK_IAM";
  private static final String SECRET = "a-secret-key-of-a-test";

  @BeforeEach
  void someCredentials() {
    System.setProperty("aws.accessKeyId", "AKIATEST");
    System.setProperty("aws.secretAccessKey", SECRET);
  }

  @AfterEach
  void noCredentials() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @Test
  void aRequestIsSignedWithTheCredentialsOfTheProcess() throws Exception {
    // given: the module makes the mechanism known
    var _ = Class.forName(MODULE);
    var handler =
        Class.forName(HANDLER)
            .asSubclass(AuthenticateCallbackHandler.class)
            .getDeclaredConstructor()
            .newInstance();
    handler.configure(
        Map.of(),
        MECHANISM,
        List.of(new AppConfigurationEntry(MODULE, LoginModuleControlFlag.REQUIRED, Map.of())));
    var client =
        Sasl.createSaslClient(
            new String[] {MECHANISM},
            null,
            "kafka",
            "b-1.birgus.kafka.eu-west-1.amazonaws.com",
            Map.of(),
            handler);

    // when
    var shown = new String(client.evaluateChallenge(new byte[0]), UTF_8);

    // then
    assertThat(shown)
        .contains("kafka-cluster:Connect")
        .contains("AKIATEST")
        .contains("eu-west-1")
        .contains("x-amz-signature")
        .doesNotContain(SECRET);
    client.dispose();
    handler.close();
  }
}
