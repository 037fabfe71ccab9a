package dev.birgus.infra.bus.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.BusWatch;
import dev.birgus.infra.bus.Job;
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
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a job when brokers take their time to renew its lease. */
@Timeout(120)
final class SlowRenewalTest {

  /** More than the time between renewals, and less than is left of a lease then. */
  private static final Duration SLOWNESS = Duration.ofSeconds(6);

  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final CountDownLatch renewed = new CountDownLatch(1);

  @Test
  void aJobIsItsWorkersAsLongAsTheLeaseLasts(@TempDir Path folder) throws Exception {
    var broker = EmbeddedBroker.start(folder.resolve("broker"));
    var settings = KafkaSettings.at(broker.address()).withPartitions(1);
    var clients = new KafkaClients(settings, "test");
    var handling =
        new Handling(
            new KafkaRecords("/test", InstantSource.system()),
            Journal.silent(),
            watch(),
            (_, _) -> {});
    try (var bus = KafkaEventBus.open(settings, "bus", Journal.silent(), watch())) {
      // It sets up the group.
      bus.work(Topic.WORK, "pool", "nodes", 1, _ -> {}).close();
      bus.publish(Topic.WORK, "pool", new BuildCancelRequested(new BuildId("b"), ""));
      var topics = new KafkaTopics(settings, true);
      var topic = topics.name(Topic.WORK, "pool");
      var slot =
          new ShareSlot(
              0,
              () -> slow(clients.shareMember(topics.workers("nodes", topic))),
              new ShareSlot.Queue(topic, settings.lease()),
              handling,
              this::run);
      slot.start();

      assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo("done for the 1. time: true");
      slot.end();
      slot.await();
      assertThat(told).isEmpty();
    } finally {
      broker.close();
    }
  }

  private void run(Job job) {
    try {
      renewed.await();
    } catch (InterruptedException lost) {
      return;
    }
    told.add("done for the " + job.delivery() + ". time: " + job.stillMine());
  }

  /** The first answer to an acknowledgement takes its time. */
  @SuppressWarnings("unchecked")
  private ShareConsumer<String, byte[]> slow(ShareConsumer<String, byte[]> base) {
    return (ShareConsumer<String, byte[]>)
        Proxy.newProxyInstance(
            SlowRenewalTest.class.getClassLoader(),
            new Class<?>[] {ShareConsumer.class},
            (_, method, arguments) -> {
              if (method.getName().equals("commitSync") && renewed.getCount() > 0) {
                var limit = (Duration) arguments[0];
                if (limit.compareTo(SLOWNESS) < 0) {
                  Thread.sleep(limit);
                  return unanswered();
                }
                Thread.sleep(SLOWNESS);
                renewed.countDown();
              }
              try {
                return method.invoke(base, arguments);
              } catch (InvocationTargetException failed) {
                throw failed.getTargetException();
              }
            });
  }

  private static Map<TopicIdPartition, Optional<KafkaException>> unanswered() {
    return Map.of(
        new TopicIdPartition(Uuid.randomUuid(), 0, "work"), Optional.of(new TimeoutException()));
  }

  private BusWatch watch() {
    return new BusWatch() {
      @Override
      public void handlerFailed(Optional<Event> event, Throwable failure) {
        told.add(failure.toString());
      }

      @Override
      public void leaseLost(String topic) {
        told.add("lease lost");
      }
    };
  }
}
