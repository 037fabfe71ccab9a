package dev.birgus.infra.bus.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.birgus.infra.bus.BusWatch;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.bus.Processor;
import dev.birgus.infra.bus.Transaction;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of events that lead to more than a topic takes. */
@Timeout(120)
public final class TooLargeTest {

  private static final AtomicInteger CLUSTERS = new AtomicInteger();
  private static final int MOST = 3_000;

  private static EmbeddedBroker broker;

  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<String> stopped = new LinkedBlockingQueue<>();
  private KafkaEventBus bus;

  /** Whether something large is to be said when time passes. */
  public record Wish(boolean large) {}

  /** Says what it is told to; of what is large it says far more than the topic takes. */
  static final class Echo implements Processor<Wish> {
    @Override
    public void taken(Transaction<Wish> table) {}

    @Override
    public void handle(String key, Event event, Transaction<Wish> transaction) {
      var what = reason(event);
      switch (what) {
        case "later" -> transaction.put(key, new Wish(true));
        case "large", "hopeless" -> say(key, noise(), transaction);
        default -> say(key, what, transaction);
      }
    }

    @Override
    public void gaveUp(
        String key, Optional<Event> event, Failure why, Transaction<Wish> transaction) {
      var hopeless = event.map(TooLargeTest::reason).filter("hopeless"::equals).isPresent();
      say(key, hopeless ? noise() : why.name(), transaction);
    }

    @Override
    public void tick(Transaction<Wish> transaction) {
      transaction.table().forEach((key, _) -> say(key, noise(), transaction));
    }

    private static void say(String key, String what, Transaction<Wish> transaction) {
      transaction.publish(Topic.EVENTS, key, event(key, what));
    }

    private static String noise() {
      var bytes = new byte[2 * MOST];
      new Random(7).nextBytes(bytes);
      return Base64.getEncoder().encodeToString(bytes);
    }

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
            .withPrefix("large" + CLUSTERS.incrementAndGet() + ".")
            .withPartitions(3);
    var topic = new KafkaTopics(settings, true).name(Topic.EVENTS);
    try (var admin = new KafkaClients(settings, "admin").admin()) {
      var small =
          new NewTopic(topic, 3, (short) 1)
              .configs(Map.of("max.message.bytes", String.valueOf(MOST)));
      admin.createTopics(List.of(small)).all().get();
    }
    bus = KafkaEventBus.open(settings, "test", Journal.silent(), watch());
    bus.follow(Topic.EVENTS, "test", event -> told.add(event.subject() + ": " + reason(event)));
    bus.process(new Processing<>("echo", Set.of(Topic.BUILDS), Wish.class, Echo::new));
  }

  @AfterEach
  void close() {
    bus.close();
  }

  private BusWatch watch() {
    return new BusWatch() {
      @Override
      public void handlerFailed(Optional<Event> event, Throwable failure) {
        stopped.add("failed: " + failure);
      }

      @Override
      public void stopped(String part, Throwable why) {
        stopped.add(part);
      }
    };
  }

  private static Event event(String build, String reason) {
    return new BuildCancelRequested(new BuildId(build), reason);
  }

  private static String reason(Event event) {
    return ((BuildCancelRequested) event).reason();
  }

  private void ask(String build, String what) {
    bus.publish(Topic.BUILDS, build, event(build, what));
  }

  private String next() throws InterruptedException {
    return String.valueOf(told.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void itsBuildIsToldAndAllOthersGoOn() throws Exception {
    ask("b", "1");
    ask("b", "large");
    ask("b", "2");
    ask("b", "large");
    ask("b", "3");

    assertThat(List.of(next(), next(), next(), next(), next()))
        .containsExactly("b: 1", "b: event-too-large", "b: 2", "b: event-too-large", "b: 3");
    assertThat(stopped).isEmpty();
  }

  @Test
  void anEventWhoseRefusalIsTooLargeAsWellIsPassedOver() throws Exception {
    ask("b", "hopeless");
    ask("b", "2");

    assertThat(next()).isEqualTo("b: 2");
    assertThat(stopped).isEmpty();
  }

  @Test
  void whatIsNoEventsFaultEndsTheProcessorAndIsSaid() throws Exception {
    ask("b", "later");

    assertThat(stopped.poll(60, TimeUnit.SECONDS)).isEqualTo("bus-process-echo");
  }

  @Test
  void whoPublishesIsToldThatItIsTooLarge() {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> bus.publish(Topic.BUILDS, "b", event("b", "x".repeat(17 << 20))))
        .satisfies(
            refused -> assertThat(refused.failure().name()).isEqualTo(Failure.EVENT_TOO_LARGE));
  }
}
