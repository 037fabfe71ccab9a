package dev.birgus.infra.bus.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.broker.SecuredBroker;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.Need;
import dev.birgus.infra.testkit.RealRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of a cluster that wants TLS and a name with a password. */
class SecuredClusterTest {

  @TempDir static Path folder;
  private static @Nullable SecuredBroker broker;

  @BeforeAll
  static void aBroker() throws IOException {
    Need.installed(RealRegistry.program("openssl").isPresent(), "openssl");
    var certificates = Files.createDirectories(folder.resolve("tls"));
    RealRegistry.makeCertificates(certificates, "DNS:localhost,IP:127.0.0.1");
    broker = SecuredBroker.start(folder.resolve("broker"), certificates, 0);
  }

  @AfterAll
  static void end() {
    if (broker != null) {
      broker.close();
    }
  }

  private static Map<String, String> client(String password) {
    if (broker == null) {
      throw new IllegalStateException("no broker");
    }
    return broker.client(password);
  }

  private static KafkaEventBus bus(Map<String, String> client) throws InterruptedException {
    var usual = KafkaSettings.at("nowhere:1").withPartitions(2);
    var settings =
        new KafkaSettings(
            client,
            usual.prefix(),
            usual.partitions(),
            usual.replication(),
            usual.lease(),
            usual.retention(),
            usual.queues());
    return KafkaEventBus.open(settings, "secured", Journal.silent(), (_, _) -> {});
  }

  @Test
  void whoKnowsThePasswordSendsReadsAndWorks() throws Exception {
    // given
    var read = new LinkedBlockingQueue<Event>();
    var worked = new LinkedBlockingQueue<Event>();
    var event = new Event.BuildCancelRequested(new BuildId("b"), "enough");

    try (var bus = bus(client(SecuredBroker.PASSWORD));
        var _ = bus.subscribe(Topic.BUILDS, "readers", read::add);
        var _ = bus.work(Topic.WORK, "pool", "workers", 1, job -> worked.add(job.event()))) {
      // when
      bus.publish(Topic.BUILDS, "b", event);
      bus.publish(Topic.WORK, "pool", event);

      // then
      assertThat(read.poll(60, TimeUnit.SECONDS)).isEqualTo(event);
      assertThat(worked.poll(60, TimeUnit.SECONDS)).isEqualTo(event);
    }
  }

  @Test
  void aWrongPasswordIsToldAtOnceAndNotShown() {
    assertThatThrownBy(() -> bus(client("hunter2-hunter2")))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("invalid credentials")
        .hasMessageContaining("SCRAM-SHA-512")
        .satisfies(failed ->
            assertThat(everything(failed))
                .doesNotContain("hunter2")
                .doesNotContain(SecuredBroker.PASSWORD));
  }

  private static String everything(@Nullable Throwable failed) {
    var text = new StringBuilder();
    for (var each = failed; each != null; each = each.getCause()) {
      text.append(each).append('\n');
    }
    return text.toString();
  }

  @Test
  void aBrokerNobodyVouchesForIsNotTalkedTo() throws IOException {
    // given
    var other = Files.createDirectories(folder.resolve("other"));
    RealRegistry.makeCertificates(other, "DNS:localhost");
    var client = new HashMap<>(client(SecuredBroker.PASSWORD));
    client.put("ssl.truststore.location", other.resolve("ca.pem").toString());

    // then
    assertThatThrownBy(() -> bus(client))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("SSL");
  }

  @Test
  void credentialsOfAmazonAreAMatterOfProperties() {
    // given
    var client = new HashMap<>(client(SecuredBroker.PASSWORD));
    client.put("sasl.mechanism", "AWS_MSK_IAM");
    client.put(
        "sasl.jaas.config",
        "software.amazon.msk.auth.iam.IAMLoginModule required awsProfileName=\"none\";");
    client.put(
        "sasl.client.callback.handler.class",
        "software.amazon.msk.auth.iam.IAMClientCallbackHandler");

    // then: the module and the handler are there, and the broker hears of the mechanism
    assertThatThrownBy(() -> bus(client))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("'AWS_MSK_IAM' not enabled");
  }

  @Test
  void tokensOfOAuthAreAMatterOfProperties() {
    // given
    var client = new HashMap<>(client(SecuredBroker.PASSWORD));
    client.put("sasl.mechanism", "OAUTHBEARER");
    client.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required"
            + " unsecuredLoginStringClaim_sub=\"birgus\";");

    // then
    assertThatThrownBy(() -> bus(client))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("'OAUTHBEARER' not enabled");
  }
}
