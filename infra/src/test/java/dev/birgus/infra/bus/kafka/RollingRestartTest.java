package dev.birgus.infra.bus.kafka;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.broker.ThreeBrokers;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of three brokers. */
@Timeout(240)
final class RollingRestartTest {

  /** Jobs that are under way at once: who publishes waits for those before. */
  private static final int AT_ONCE = 10;

  private static ThreeBrokers brokers;

  private final Set<String> done = ConcurrentHashMap.newKeySet();
  private final LinkedBlockingQueue<String> sums = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final AtomicInteger published = new AtomicInteger();
  private volatile boolean enough;

  @BeforeAll
  static void startBrokers(@TempDir Path folder) throws Exception {
    brokers = ThreeBrokers.start(folder);
  }

  @AfterAll
  static void stopBrokers() {
    brokers.close();
  }

  private static KafkaSettings settings(String prefix) {
    return KafkaSettings.at(brokers.address()).withPrefix(prefix).withPartitions(3);
  }

  private static Collection<TopicDescription> topics(Admin admin, String prefix) throws Exception {
    var names = admin.listTopics().names().get().stream();
    return admin
        .describeTopics(names.filter(each -> each.startsWith(prefix)).toList())
        .allTopicNames()
        .get()
        .values();
  }

  private static Set<Integer> copies(Collection<TopicDescription> topics) {
    return topics.stream()
        .flatMap(topic -> topic.partitions().stream())
        .map(each -> each.replicas().size())
        .collect(Collectors.toSet());
  }

  private static KafkaEventBus open(KafkaSettings settings, Journal journal)
      throws InterruptedException {
    return KafkaEventBus.open(
        settings,
        "test",
        journal,
        (_, failure) -> {
          throw new AssertionError(failure);
        });
  }

  private static String reason(Event event) {
    return ((BuildCancelRequested) event).reason();
  }

  @Test
  void topicsHaveThreeCopiesAndNothingIsLostWhileBrokersAreStartedAgain() throws Exception {
    var settings = settings("r.");
    try (var bus = open(settings, Journal.silent());
        var admin = new KafkaClients(settings, "admin").admin()) {
      // given
      bus.follow(Topic.EVENTS, "sums", event -> sums.add(reason(event)));
      bus.work(Topic.WORK, "pool", "nodes", 4, job -> done(reason(job.event())));
      bus.process(MemberProcess.processing());
      assertThat(copies(topics(admin, "r."))).containsExactly(3);
      assertThat(topics(admin, "r."))
          .extracting(TopicDescription::name)
          .contains("r.results", "r.work.pool");
      assertThat(setting(admin, "r.results", "min.insync.replicas")).isEqualTo("2");

      // when
      var publisher = Thread.ofPlatform().daemon().start(() -> publish(bus));
      for (var number = 0; number < brokers.size(); number++) {
        var before = published.get();
        brokers.restart(number);
        awaitCopies(admin);
        awaitMore(before + 2 * AT_ONCE);
      }
      enough = true;
      publisher.join();

      // then
      var all = published.get();
      assertThat(room.tryAcquire(AT_ONCE, 60, TimeUnit.SECONDS)).as("all jobs are done").isTrue();
      assertThat(done).hasSize(all);
      var came = new ArrayList<String>();
      for (var number = 1; number <= all; number++) {
        came.add(String.valueOf(sums.poll(60, TimeUnit.SECONDS)));
      }
      assertThat(came).isEqualTo(expected(all));
    }
  }

  private void done(String number) {
    if (done.add(number)) {
      room.release();
    }
  }

  private void publish(KafkaEventBus bus) {
    while (!enough) {
      room.acquireUninterruptibly();
      var number = published.get() + 1;
      var event = new BuildCancelRequested(new BuildId("b"), String.valueOf(number));
      bus.publish(Topic.RESULTS, "b", event);
      bus.publish(Topic.WORK, "pool", event);
      published.incrementAndGet();
    }
  }

  private static List<String> expected(int all) {
    return IntStream.rangeClosed(1, all)
        .mapToObj(each -> each + "/" + each + "/" + each * (each + 1) / 2)
        .toList();
  }

  /** As an operator does before the next broker. */
  private static void awaitCopies(Admin admin) throws Exception {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!topics(admin, "").stream()
        .flatMap(topic -> topic.partitions().stream())
        .allMatch(each -> each.isr().size() == each.replicas().size())) {
      assertThat(System.nanoTime()).as("all copies are there again").isLessThan(until);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private void awaitMore(int wanted) throws InterruptedException {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (published.get() < wanted) {
      assertThat(System.nanoTime()).as("work goes on").isLessThan(until);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private static String setting(Admin admin, String topic, String key) throws Exception {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
    return requireNonNull(config, "config").get(key).value();
  }

  @Test
  void topicsWithFewerCopiesAreTold() throws Exception {
    // given
    var settings = settings("few.").withReplication(1);
    var told = new LinkedBlockingQueue<Map<String, String>>();
    Journal journal =
        (_, message, context) -> {
          if (message.contains("fewer copies")) {
            told.add(context);
          }
        };
    open(settings, journal).close();
    assertThat(told).as("who wants one copy").isEmpty();

    // when
    try (var bus = open(settings.withReplication(0), journal)) {
      bus.work(Topic.WORK, "pool", "nodes", 1, _ -> {}).close();
    }

    // then: the lane is new, and has three
    assertThat(told).hasSize(1);
    assertThat(told.take())
        .containsEntry("wanted", "3")
        .hasEntrySatisfying("topics", each -> assertThat(each).contains("few.results"))
        .hasEntrySatisfying("advice", each -> assertThat(each).contains("kafka.replication"));
  }
}
