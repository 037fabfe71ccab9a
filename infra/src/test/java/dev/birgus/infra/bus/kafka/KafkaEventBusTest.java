package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.EmbeddedBroker;
import dev.birgus.infra.testkit.EventBusContract;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

  @Override
  public int flood() {
    return 400;
  }

  @Override
  public boolean keepsEvents() {
    return true;
  }

  @Override
  public int reportedFailures() {
    return failures.get();
  }
}
