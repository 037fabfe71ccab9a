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

/** The bus on a cluster that is taken for one without share groups. */
final class ClassicQueuesTest implements EventBusContract {

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

  @Override
  public EventBus newBus() {
    var settings =
        KafkaSettings.at(broker.address())
            .withPrefix("classic" + CLUSTERS.incrementAndGet() + ".")
            .withPartitions(3)
            .withQueues(KafkaSettings.Queues.CLASSIC);
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
