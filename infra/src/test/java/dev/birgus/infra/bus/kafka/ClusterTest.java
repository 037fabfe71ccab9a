package dev.birgus.infra.bus.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.EmbeddedBroker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Topics that others have made, and places in topics that are not there. */
@Timeout(120)
final class ClusterTest {

  private static EmbeddedBroker broker;

  @BeforeAll
  static void startBroker(@TempDir Path folder) throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("broker"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private static KafkaSettings settings(String prefix) {
    return KafkaSettings.at(broker.address()).withPrefix(prefix).withPartitions(1);
  }

  /** A client that may make nothing, as brokers refuse it. */
  private static Admin powerless(Admin base) {
    return (Admin)
        Proxy.newProxyInstance(
            ClusterTest.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (_, method, arguments) -> {
              if (method.getName().equals("createTopics")) {
                throw new TopicAuthorizationException("not authorized");
              }
              try {
                return method.invoke(base, arguments);
              } catch (InvocationTargetException failed) {
                throw failed.getTargetException();
              }
            });
  }

  @Test
  void topicsThatAreThereAreUsedByWhoMayMakeNone() throws Exception {
    var settings = settings("made.");
    var reads = List.of("made.builds");
    try (var admin = new KafkaClients(settings, "admin").admin()) {
      var making = new Cluster(settings, admin, Journal.silent());
      making.makeTopics();
      making.makeLane(Topic.WORK, "pool");
      making.makeTable("builds", reads);

      var using = new Cluster(settings, powerless(admin), Journal.silent());

      assertThatCode(
              () -> {
                using.makeTopics();
                using.makeLane(Topic.WORK, "pool");
                using.makeTable("builds", reads);
              })
          .doesNotThrowAnyException();
      assertThatExceptionOfType(TopicAuthorizationException.class)
          .isThrownBy(() -> using.makeLane(Topic.WORK, "another"));
    }
  }

  @Test
  void whosePlaceIsBeyondTheEndDoesNothingAgain() throws Exception {
    assertThat(firstRead("beyond.", 100)).isEqualTo("new");
  }

  @Test
  void whoComesTooLateGoesOnWithTheOldestThereIs() throws Exception {
    assertThat(firstRead("late.", 0)).isEqualTo("2");
  }

  /** What a group reads first whose place is this one, of 0, 1, 2 and new, when 2 is the oldest. */
  private static String firstRead(String prefix, long place) throws Exception {
    var settings = settings(prefix);
    var read = new LinkedBlockingQueue<String>();
    var partition = new TopicPartition(prefix + "builds", 0);
    try (var bus =
            KafkaEventBus.open(settings, "test", Journal.silent(), (_, failure) -> read.add("!"));
        var admin = new KafkaClients(settings, "admin").admin()) {
      for (var number = 0; number < 3; number++) {
        bus.publish(Topic.BUILDS, "b", event(String.valueOf(number)));
      }
      var oldest = Map.of(partition, RecordsToDelete.beforeOffset(2));
      admin.deleteRecords(oldest).all().get();
      var places = Map.of(partition, new OffsetAndMetadata(place));
      admin.alterConsumerGroupOffsets(prefix + "group", places).all().get();

      bus.subscribe(
          Topic.BUILDS, "group", event -> read.add(((BuildCancelRequested) event).reason()));
      assertThat(bus.eventsWaiting("group", Set.of(Topic.BUILDS))).isNotNegative();
      var first = read.poll(10, TimeUnit.SECONDS);
      if (first == null) {
        bus.publish(Topic.BUILDS, "b", event("new"));
        first = read.poll(30, TimeUnit.SECONDS);
      }
      return String.valueOf(first);
    }
  }

  private static Event event(String reason) {
    return new BuildCancelRequested(new BuildId("b"), reason);
  }
}
