package dev.birgus.infra.bus.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.broker.TunedBroker;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More slots than brokers allow members of a share group. */
@Timeout(120)
final class FullGroupTest {

  private static final String ALLOWED = "2";

  private final LinkedBlockingQueue<String> begun = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<String> done = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Map<String, String>> refused = new LinkedBlockingQueue<>();
  private final CountDownLatch open = new CountDownLatch(1);

  private void journal(Journal.Level level, String message, Map<String, String> context) {
    if (level == Journal.Level.ERROR && message.contains("as many members")) {
      refused.add(context);
    }
  }

  private static Event event(String number) {
    return new BuildCancelRequested(new BuildId("b"), number);
  }

  private static String reason(Event event) {
    return ((BuildCancelRequested) event).reason();
  }

  private static String next(LinkedBlockingQueue<String> queue) throws InterruptedException {
    return String.valueOf(queue.poll(60, TimeUnit.SECONDS));
  }

  private void waitAndDo(Event event) {
    begun.add(reason(event));
    try {
      open.await();
    } catch (InterruptedException _) {
      return;
    }
    done.add(reason(event));
  }

  @Test
  void theSlotThatIsOneTooManyIsToldAndAnotherPoolHasItsOwnLimit(@TempDir Path folder)
      throws Exception {
    var limit = Map.of("group.share.max.size", ALLOWED);
    try (var broker = TunedBroker.start(folder.resolve("broker"), limit);
        var bus =
            KafkaEventBus.open(
                KafkaSettings.at(broker.address()).withPartitions(1),
                "test",
                this::journal,
                (_, _) -> {})) {
      // given
      bus.work(Topic.WORK, "full", "nodes", 3, job -> waitAndDo(job.event()));
      var told = refused.poll(60, TimeUnit.SECONDS);
      assertThat(told)
          .containsEntry("topic", "birgus.work.full")
          .hasEntrySatisfying("advice", advice -> assertThat(advice).contains("max.size"));

      // when
      for (var number : List.of("1", "2", "3")) {
        bus.publish(Topic.WORK, "full", event(number));
      }
      assertThat(List.of(next(begun), next(begun))).containsExactlyInAnyOrder("1", "2");

      // then: another pool has its own members, and is at work while this one is not done
      bus.work(Topic.WORK, "other", "nodes", 2, job -> done.add(reason(job.event())));
      bus.publish(Topic.WORK, "other", event("other"));
      assertThat(next(done)).isEqualTo("other");
      assertThat(bus.jobsWaiting(Topic.WORK, "full", "nodes")).isEqualTo(3);
      open.countDown();
      var all = new ArrayList<String>();
      for (var job = 0; job < 3; job++) {
        all.add(next(done));
      }
      assertThat(all).containsExactlyInAnyOrder("1", "2", "3");
      assertThat(refused).isEmpty();
    }
  }
}
