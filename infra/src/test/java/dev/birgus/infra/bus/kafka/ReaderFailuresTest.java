package dev.birgus.infra.bus.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.BusWatch;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.EmbeddedBroker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A reader between which and the brokers something goes wrong for a moment. */
@Timeout(120)
final class ReaderFailuresTest {

  private static EmbeddedBroker broker;

  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final Map<String, RuntimeException> next = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<RuntimeException> thrown = new LinkedBlockingQueue<>();
  private volatile Instant now = Instant.EPOCH;

  @BeforeAll
  static void startBroker(@TempDir Path folder) throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("broker"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private BusWatch watch() {
    return new BusWatch() {
      @Override
      public void handlerFailed(Optional<Event> event, Throwable failure) {
        told.add(failure.toString());
      }

      @Override
      public void stopped(String part, Throwable why) {
        told.add("stopped: " + why.getMessage());
      }
    };
  }

  private Handling handling() {
    return new Handling(
        new KafkaRecords("/test", () -> now), Journal.silent(), watch(), (_, _) -> {});
  }

  private static Event event(String reason) {
    return new BuildCancelRequested(new BuildId("b"), reason);
  }

  private String next() throws InterruptedException {
    return String.valueOf(told.poll(60, TimeUnit.SECONDS));
  }

  /** A method for which there is a failure throws it once. */
  @SuppressWarnings("unchecked")
  private Consumer<String, byte[]> failing(Consumer<String, byte[]> base) {
    return (Consumer<String, byte[]>)
        Proxy.newProxyInstance(
            ReaderFailuresTest.class.getClassLoader(),
            new Class<?>[] {Consumer.class},
            (_, method, arguments) -> {
              var failure = next.remove(method.getName());
              if (failure != null) {
                thrown.add(failure);
                throw failure;
              }
              try {
                return method.invoke(base, arguments);
              } catch (InvocationTargetException failed) {
                throw failed.getTargetException();
              }
            });
  }

  /** What a reader in a group is told of, while this is done besides. */
  private void reading(String prefix, Act act) throws Exception {
    var settings = KafkaSettings.at(broker.address()).withPrefix(prefix).withPartitions(1);
    try (var bus = KafkaEventBus.open(settings, "bus", Journal.silent(), watch());
        var _ =
            TopicReader.inGroup(
                failing(new KafkaClients(settings, "test").member(prefix + "readers")),
                prefix + "results",
                handling(),
                event -> told.add(((BuildCancelRequested) event).reason()))) {
      bus.publish(Topic.RESULTS, "b", event("first"));
      assertThat(next()).isEqualTo("first");
      act.with(bus);
    }
  }

  /** Something that is done with a bus. */
  private interface Act {
    void with(KafkaEventBus bus) throws Exception;
  }

  private void fails(String method, RuntimeException failure) throws InterruptedException {
    next.put(method, failure);
    assertThat(thrown.poll(60, TimeUnit.SECONDS)).isEqualTo(failure);
  }

  @Test
  void itGoesOnWhenAnAnswerWasLate() throws Exception {
    reading(
        "late.",
        bus -> {
          fails("poll", new TimeoutException("late"));
          bus.publish(Topic.RESULTS, "b", event("second"));
          assertThat(next()).isEqualTo("second");
          next.put("beginningOffsets", new TimeoutException("later"));
          var nowhere = Map.of(new TopicPartition("late.results", 0), 1_000L);
          fails("poll", new OffsetOutOfRangeException(nowhere));
          bus.publish(Topic.RESULTS, "b", event("third"));
          assertThat(next()).isEqualTo("third");
          assertThat(thrown.poll()).hasMessage("later");
        });
  }

  @Test
  void itGoesOnWhenItWasDeniedSomethingForAMoment() throws Exception {
    reading(
        "denied.",
        bus -> {
          now = now.plus(Denials.QUIET).plusSeconds(1);
          fails("poll", new TopicAuthorizationException(Set.of("denied.results")));
          now = now.plus(Duration.ofSeconds(20));
          fails("poll", new TopicAuthorizationException(Set.of("denied.results")));
          bus.publish(Topic.RESULTS, "b", event("second"));
          assertThat(next()).isEqualTo("second");
        });
  }

  @Test
  void itStopsWhenItWasNeverAllowedToRead() throws Exception {
    reading(
        "never.",
        _ -> {
          fails("poll", new TopicAuthorizationException(Set.of("never.results")));
          assertThat(next()).startsWith("stopped: Not authorized");
        });
  }
}
