package dev.birgus.executor.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.NodeReported;
import dev.birgus.infra.contracts.Event.StageFinished;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageBase;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.testkit.HeldJob;
import dev.birgus.infra.testkit.RecordingBus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that is told to end while it runs a stage. */
@Timeout(60)
class LeavingNodeTest {

  private static final StageId STAGE = new StageId(Digest.sha256(new byte[0]));
  private static final StageResult RESULT = new StageResult(List.of(), List.of());
  private static final String POOL = "pool";

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger closed = new AtomicInteger();

  private ExecutorNode node(Duration reports) {
    return new ExecutorNode(
        new ExecutorNode.Identity("here", 2, new NodeMembership(POOL, true, 0, 0, reports)),
        (_, _) -> {
          begun.countDown();
          go.await();
          return RESULT;
        },
        InstantSource.system(),
        Journal.silent(),
        new StandingPremises(closed::incrementAndGet));
  }

  private static StageReady job() {
    var stage =
        new Stage(
            STAGE,
            0,
            "stage-0",
            new StageBase.Scratch(),
            List.of(),
            ImageConfig.scratch(Platform.of("linux", "amd64")));
    return new StageReady(new BuildId("b"), 1, stage, Map.of(), BuildOptions.DEFAULT);
  }

  private static Thread drain(ExecutorNode node) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            node.drain(Duration.ofMinutes(10));
          } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
          }
        });
  }

  private static Event next(LinkedBlockingQueue<Event> events) throws InterruptedException {
    var event = events.poll(30, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("nothing was said");
    }
    return event;
  }

  @Test
  void saysWhatItStillRunsUntilThatHasEnded() throws Exception {
    var said = new LinkedBlockingQueue<Event>();
    try (var bus = new InMemoryEventBus((_, _) -> {});
        var node = node(Duration.ofMillis(5))) {
      // given
      bus.subscribe(Topic.STAGES, "test", said::add);
      node.start(bus);
      bus.publish(Topic.WORK, POOL, job());
      begun.await();

      // when
      var draining = drain(node);

      // then
      var leaving = new NodeReported("here", POOL, 0, Map.of(STAGE, 1));
      for (var times = 0; times < 5; ) {
        if (next(said).equals(leaving)) {
          times++;
        }
      }
      go.countDown();
      draining.join();
      Event event;
      do {
        event = next(said);
      } while (event.equals(leaving));
      assertThat(event).isInstanceOf(StageFinished.class);
    }
  }

  @Test
  void itsLastWordIsThatItRunsNothing() throws Exception {
    var bus = new RecordingBus();
    Thread working;
    try (var node = node(Duration.ofHours(1))) {
      node.start(bus);
      working = Thread.ofVirtual().start(() -> bus.give(Topic.WORK, new HeldJob(job(), 1)));
      begun.await();
      go.countDown();
      working.join();

      node.drain(Duration.ofMinutes(10));
    }

    assertThat(bus.all(NodeReported.class))
        .last()
        .isEqualTo(new NodeReported("here", POOL, 0, Map.of()));
  }

  @Test
  void doesNotWaitForABusThatDoesNotAnswer() throws Exception {
    var bus = new RecordingBus();
    try (var node = node(Duration.ofHours(1))) {
      node.start(bus);
      bus.hangingAt(NodeReported.class);

      drain(node).join();
    }

    assertThat(closed).hasValue(1);
  }
}
