package dev.birgus.ingest.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.codec.EventCodec;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.oci.Digest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OutputBarrierTest {

  private static final BuildId BUILD = new BuildId("b-1");
  private static final StageId STAGE = new StageId(Digest.sha256(new byte[0]));

  @TempDir private Path folder;

  @Test
  void allWhoWatchABuildWaitForOneMarkAndNobodyPrintsIt() throws Exception {
    try (var bus = new InMemoryEventBus((_, failure) -> failure.printStackTrace())) {
      // given
      var log = BuildLog.open(BUILD, folder.resolve("b-1.jsonl"), new EventCodec(), Instant.EPOCH);
      var _ = log.append(Topic.EVENTS, new Event.StepStarted(BUILD, STAGE, 0), Instant.EPOCH);
      var barrier = new OutputBarrier(bus);
      var published = new LinkedBlockingQueue<Event>();
      var everybodyWaits = new CountDownLatch(1);
      bus.subscribe(
          Topic.LOGS,
          "server",
          event -> {
            published.add(event);
            await(everybodyWaits);
            if (event instanceof Event.OutputMarked marked) {
              barrier.take(marked);
            }
          });

      // when
      var watchers = new ArrayList<Thread>();
      for (var i = 0; i < 50; i++) {
        watchers.add(Thread.ofVirtual().start(() -> await(barrier, log)));
      }
      everybodyWaits.countDown();

      // then
      for (var each : watchers) {
        assertThat(each.join(Duration.ofSeconds(30))).isTrue();
      }
      await(barrier, log);
      assertThat(published).hasSize(1).first().isInstanceOf(Event.OutputMarked.class);
      assertThat(log.settled()).isEqualTo(log.end());
    }
  }

  private static void await(OutputBarrier barrier, BuildLog log) {
    try {
      barrier.await(log, log.end());
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
