package dev.birgus.infra.broker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {

  @TempDir private Path folder;

  @Test
  void whatATopicTakesOfTheDiskIsBounded() throws Exception {
    // given
    try (var broker = EmbeddedBroker.start(BrokerSettings.onLoopback(folder, 0));
        var admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
      admin
          .createTopics(List.of(new NewTopic("topic", 1, (short) 1)))
          .all()
          .get(60, TimeUnit.SECONDS);

      // when
      var topic = new ConfigResource(ConfigResource.Type.TOPIC, "topic");
      var config = admin.describeConfigs(List.of(topic)).all().get(60, TimeUnit.SECONDS).get(topic);

      // then
      requireNonNull(config, "config");
      assertThat(config.get("retention.bytes").value()).isEqualTo(String.valueOf(128L << 20));
      assertThat(config.get("segment.bytes").value()).isEqualTo(String.valueOf(32 << 20));
      assertThat(config.get("segment.ms").value()).isEqualTo("86400000");
    }
  }
}
