package dev.birgus.infra.bus.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.BusWatch;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.bus.Processor;
import dev.birgus.infra.bus.Transaction;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.EmbeddedBroker;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a processor makes of what others write, by clients of their own. */
@Timeout(120)
public final class StrangersTest {

  private static final AtomicInteger CLUSTERS = new AtomicInteger();
  private static final int PARTITIONS = 3;

  private static EmbeddedBroker broker;

  private final KafkaRecords records = new KafkaRecords("/stranger", InstantSource.system());
  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<String> stopped = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> unreadable = new ConcurrentLinkedQueue<>();
  private KafkaTopics topics;
  private KafkaEventBus bus;
  private Producer<String, byte[]> stranger;

  /** What one build was told. */
  public record Notes(List<String> notes) {
    public Notes {
      notes = List.copyOf(notes);
    }
  }

  /** Tells of each build under which key it heard of it, and what all. */
  static final class NoteTaker implements Processor<Notes> {
    @Override
    public void taken(Transaction<Notes> table) {}

    @Override
    public void handle(String key, Event event, Transaction<Notes> transaction) {
      var notes = new ArrayList<>(transaction.get(key).map(Notes::notes).orElse(List.of()));
      notes.add(((BuildCancelRequested) event).reason());
      transaction.put(key, new Notes(notes));
      tell(key, notes.toString(), transaction);
    }

    @Override
    public void gaveUp(
        String key, Optional<Event> event, Failure why, Transaction<Notes> transaction) {
      tell(key, why.name(), transaction);
    }

    private static void tell(String key, String what, Transaction<Notes> transaction) {
      transaction.publish(Topic.EVENTS, key, new BuildCancelRequested(new BuildId(key), what));
    }

    @Override
    public void tick(Transaction<Notes> transaction) {}

    @Override
    public void givenUp() {}
  }

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
    var settings =
        KafkaSettings.at(broker.address())
            .withPrefix("strangers" + CLUSTERS.incrementAndGet() + ".")
            .withPartitions(PARTITIONS);
    topics = new KafkaTopics(settings, true);
    bus = KafkaEventBus.open(settings, "test", Journal.silent(), watch());
    stranger = new KafkaClients(settings, "stranger").producer();
    bus.follow(Topic.EVENTS, "test", event -> told.add(event.subject() + ": " + reason(event)));
    bus.process(new Processing<>("notes", Set.of(Topic.BUILDS), Notes.class, NoteTaker::new));
  }

  @AfterEach
  void close() {
    stranger.close();
    bus.close();
  }

  private BusWatch watch() {
    return new BusWatch() {
      @Override
      public void handlerFailed(Optional<Event> event, Throwable failure) {
        stopped.add("failed: " + failure);
      }

      @Override
      public void unreadable(String topic) {
        unreadable.add(topic);
      }

      @Override
      public void stopped(String part, Throwable why) {
        stopped.add(part + ": " + why);
      }
    };
  }

  private static String reason(Event event) {
    return ((BuildCancelRequested) event).reason();
  }

  private String next() throws InterruptedException {
    return String.valueOf(told.poll(30, TimeUnit.SECONDS));
  }

  private static Event event(String build, String reason) {
    return new BuildCancelRequested(new BuildId(build), reason);
  }

  private void send(ProducerRecord<String, byte[]> record) throws Exception {
    stranger.send(record).get();
  }

  private static ProducerRecord<String, byte[]> rekeyed(
      ProducerRecord<String, byte[]> made, @Nullable String key) {
    return new ProducerRecord<>(made.topic(), 0, null, key, made.value(), made.headers());
  }

  @Test
  void bytesThatAreNoTextStopNobody() throws Exception {
    // given bytes that a parser takes for UTF-32, and finds to be none
    var noText = new ProducerRecord<>(topics.name(Topic.BUILDS), "b", new byte[] {0, 0x7B, 0, 0});
    var known = records.of(topics.name(Topic.BUILDS), "b", event("b", ""));
    known.headers().forEach(noText.headers()::add);

    // when
    send(noText);
    bus.publish(Topic.BUILDS, "b", event("b", "1"));

    // then
    assertThat(next()).isEqualTo("b: event-unreadable");
    assertThat(next()).isEqualTo("b: [1]");
    assertThat(unreadable).containsExactly(topics.name(Topic.BUILDS));
    assertThat(stopped).isEmpty();
  }

  @Test
  void theBuildOfAJobNobodyCanReadIsTold() throws Exception {
    var done = new LinkedBlockingQueue<String>();
    bus.follow(Topic.RESULTS, "test", event -> told.add(event.toString()));
    bus.work(Topic.WORK, "pool", "nodes", 1, job -> done.add(job.event().subject()));
    var made = records.of(topics.name(Topic.WORK, "pool"), "pool", event("b", ""));

    send(new ProducerRecord<>(made.topic(), 0, "pool", new byte[] {'{'}, made.headers()));
    bus.publish(Topic.WORK, "pool", event("c", ""));

    assertThat(next()).startsWith("BuildFailed[build=b,").contains("name=event-unreadable");
    assertThat(done.poll(30, TimeUnit.SECONDS)).isEqualTo("c");
    assertThat(stopped).isEmpty();
  }

  @Test
  void whatIsInAnotherPartitionThanItsBuildsIsHandledWithTheRest() throws Exception {
    bus.publish(Topic.BUILDS, "b", event("b", "0"));
    assertThat(next()).isEqualTo("b: [0]");

    for (var partition = 0; partition < PARTITIONS; partition++) {
      var made = records.of(topics.name(Topic.BUILDS), "b", event("b", "in " + partition));
      send(new ProducerRecord<>(made.topic(), partition, made.key(), made.value(), made.headers()));
    }

    next();
    next();
    assertThat(next()).startsWith("b: [0, ").contains("in 0", "in 1", "in 2");
  }

  @Test
  void whatHasNoKeyOrAStrangeOneIsHandledUnderItsBuilds() throws Exception {
    var made = records.of(topics.name(Topic.BUILDS), "b", event("b", "x"));
    send(rekeyed(made, "strange"));
    send(rekeyed(made, null));

    next();
    assertThat(next()).isEqualTo("b: [x, x]");
  }
}
