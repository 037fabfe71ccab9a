package dev.birgus.infra.bus.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.BusWatch;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.EmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers in processes that are killed and frozen. */
@Timeout(180)
final class KafkaWorkTest {

  private static final AtomicInteger CLUSTERS = new AtomicInteger();

  private static EmbeddedBroker broker;

  private final String prefix = "workers" + CLUSTERS.incrementAndGet() + ".";
  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final List<MemberProcess> members = new ArrayList<>();
  private KafkaEventBus bus;

  @BeforeAll
  static void startBroker(@TempDir Path folder) throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("broker"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void open() throws Exception {
    var settings = KafkaSettings.at(broker.address()).withPrefix(prefix).withPartitions(3);
    bus = KafkaEventBus.open(settings, "test", Journal.silent(), new Counting());
    bus.replay(Topic.RESULTS, "test", event -> told.add(((BuildCancelRequested) event).reason()));
  }

  /** Tells what was passed over and what was taken again. */
  private final class Counting implements BusWatch {
    @Override
    public void handlerFailed(Optional<Event> event, Throwable failure) {
      throw new AssertionError(failure);
    }

    @Override
    public void unreadable(String topic) {
      told.add("unreadable");
    }

    @Override
    public void deliveredAgain(String topic) {
      told.add("again");
    }
  }

  @Test
  void whoTakesAJobThatWasGivenOutBeforeIsCounted() throws Exception {
    bus.work(
        Topic.WORK,
        "twice",
        "any",
        1,
        job -> {
          if (job.delivery() == 1) {
            job.giveBack();
          } else {
            told.add("done");
          }
        });

    bus.publish(Topic.WORK, "twice", event());

    assertThat(next()).isEqualTo("again");
    assertThat(next()).isEqualTo("done");
  }

  /** Each one is followed by the end of its transaction, which is a record that is no job. */
  @Test
  @Timeout(45)
  void jobsOfTransactionsDoNotWaitForThePollsOfTheirSlotToRunOut() {
    bus.work(Topic.WORK, "certain", "any", 1, _ -> told.add("done"));
    var settings = KafkaSettings.at(broker.address()).withPrefix(prefix);
    var records = new KafkaRecords("/test", InstantSource.system());
    var topic = new KafkaTopics(settings, true).name(Topic.WORK, "certain");
    try (var producer = new KafkaClients(settings, "test").producer("planner")) {
      producer.initTransactions();
      for (var i = 0; i < 100; i++) {
        producer.beginTransaction();
        var _ = producer.send(records.of(topic, "certain", event()));
        producer.commitTransaction();
      }
    }

    assertThat(Stream.generate(this::next).limit(100)).containsOnly("done");
  }

  @AfterEach
  void close() {
    members.forEach(MemberProcess::close);
    bus.close();
  }

  private MemberProcess member(String name) throws Exception {
    var member = new MemberProcess(MemberProcess.Role.WORK, broker.address(), prefix, name);
    members.add(member);
    assertThat(next()).isEqualTo(name + " is there");
    return member;
  }

  private String next() {
    try {
      return String.valueOf(told.poll(60, TimeUnit.SECONDS));
    } catch (InterruptedException over) {
      throw new AssertionError(over);
    }
  }

  private static Event event() {
    return new BuildCancelRequested(new BuildId("job"), "");
  }

  private MemberProcess busyMember() throws Exception {
    var member = member("one");
    bus.publish(Topic.WORK, MemberProcess.LANE, event());
    assertThat(next()).isEqualTo("one took it for the 1. time");
    member("two");
    return member;
  }

  @Test
  void theJobOfAKilledWorkerGoesToAnother() throws Exception {
    // given
    var killed = busyMember();
    assertThat(bus.jobsWaiting(Topic.WORK, MemberProcess.LANE, MemberProcess.WORKERS)).isOne();

    // when
    killed.kill();

    // then
    assertThat(next()).isEqualTo("two took it for the 2. time");
    bus.publish(Topic.CONTROL, "job", event());
    assertThat(next()).isEqualTo("two did it");
  }

  @Test
  void aFrozenWorkerLosesItsJobAndIsTold() throws Exception {
    var frozen = busyMember();

    frozen.signal("STOP");
    assertThat(next()).isEqualTo("two took it for the 2. time");
    frozen.signal("CONT");

    assertThat(next()).isEqualTo("one lost it");
    bus.publish(Topic.CONTROL, "job", event());
    assertThat(next()).isEqualTo("two did it");
  }

  @Test
  void whatNoWorkerIsAskedForWaits() throws Exception {
    bus.publish(Topic.WORK, "nobody", event());
    bus.publish(Topic.WORK, "nobody", event());

    assertThat(bus.jobsWaiting(Topic.WORK, "nobody", MemberProcess.WORKERS)).isEqualTo(2);
    bus.publish(Topic.BUILDS, "job", event());
    assertThat(bus.eventsWaiting("planner", Set.of(Topic.BUILDS))).isOne();
  }

  @Test
  void whatIsNoJobGoesToTheDeadLettersAndTheNextJobIsDone() throws Exception {
    // given
    var settings = KafkaSettings.at(broker.address()).withPrefix(prefix);
    var clients = new KafkaClients(settings, "test");
    var topics = new KafkaTopics(settings, true);
    bus.work(Topic.WORK, "mixed", "any", 1, job -> told.add("done"));

    // when
    try (var producer = clients.producer()) {
      var noise = "noise".getBytes(StandardCharsets.UTF_8);
      var _ = producer.send(new ProducerRecord<>(topics.name(Topic.WORK, "mixed"), "k", noise));
      producer.flush();
    }
    bus.publish(Topic.WORK, "mixed", event());

    // then
    assertThat(next()).isEqualTo("unreadable");
    assertThat(next()).isEqualTo("done");
    try (var consumer = clients.consumer()) {
      var letters = List.of(new TopicPartition(topics.deadLetters(), 0));
      consumer.assign(letters);
      consumer.seekToBeginning(letters);
      var first = consumer.poll(Duration.ofSeconds(60)).iterator().next();
      assertThat(first.value()).asString(StandardCharsets.UTF_8).isEqualTo("noise");
    }
  }
}
