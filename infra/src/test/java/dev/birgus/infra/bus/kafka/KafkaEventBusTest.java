package dev.birgus.infra.bus.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.EmbeddedBroker;
import dev.birgus.infra.testkit.EventBusContract;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaEventBusTest implements EventBusContract {

  private static final AtomicInteger CLUSTERS = new AtomicInteger();

  private static EmbeddedBroker broker;

  private final AtomicInteger failures = new AtomicInteger();

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("broker"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  /** Every bus has topics of its own on the one broker. */
  @Override
  public EventBus newBus() {
    var settings =
        KafkaSettings.at(broker.address())
            .withPrefix("test" + CLUSTERS.incrementAndGet() + ".")
            .withPartitions(3);
    try {
      return KafkaEventBus.open(
          settings, "test", Journal.silent(), (_, _) -> failures.incrementAndGet());
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Test
  void whoReadsFromTheOldestOnIsToldWhenItHasWhatWasThere() throws Exception {
    try (var bus = newBus()) {
      // given
      for (var i = 0; i < 50; i++) {
        bus.publish(Topic.RESULTS, "b" + i, new BuildCancelRequested(new BuildId("b" + i), ""));
      }
      var seen = new AtomicInteger();
      var seenThen = new CompletableFuture<Integer>();
      var none = new CompletableFuture<Boolean>();

      // when
      bus.replay(
          Topic.RESULTS, "test", _ -> seen.incrementAndGet(), () -> seenThen.complete(seen.get()));
      bus.replay(Topic.LINES, "test", _ -> {}, () -> none.complete(true));

      // then
      assertThat(seenThen.get(60, TimeUnit.SECONDS)).isEqualTo(50);
      assertThat(none.get(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Override
  public int flood() {
    return 400;
  }

  @Override
  public int reportedFailures() {
    return failures.get();
  }
}
