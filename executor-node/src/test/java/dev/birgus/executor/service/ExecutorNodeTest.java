package dev.birgus.executor.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.birgus.executor.stage.StageExecutor;
import dev.birgus.executor.stage.StageListener;
import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Event.LogChunk;
import dev.birgus.infra.contracts.Event.NodeReported;
import dev.birgus.infra.contracts.Event.StageFailed;
import dev.birgus.infra.contracts.Event.StageFinished;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Event.StageStarted;
import dev.birgus.infra.contracts.Event.StageStopRequested;
import dev.birgus.infra.contracts.Event.StepStarted;
import dev.birgus.infra.contracts.Event.TransferProgressed;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageBase;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.testkit.RecordingBus;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExecutorNodeTest {

  private static final BuildId BUILD = new BuildId("b");
  private static final StageResult RESULT = new StageResult(List.of(), List.of());

  private final AtomicInteger closed = new AtomicInteger();

  private ExecutorNode node(StageExecutor executor) {
    return new ExecutorNode(
        new ExecutorNode.Identity("here", 2, NodeMembership.ALONE),
        executor,
        InstantSource.fixed(Instant.EPOCH),
        Journal.silent(),
        new StandingPremises(closed::incrementAndGet));
  }

  private static StageReady job(BuildId build) {
    var stage =
        new Stage(
            new StageId(Digest.sha256(new byte[0])),
            0,
            "stage-0",
            new StageBase.Scratch(),
            List.of(),
            ImageConfig.scratch(Platform.of("linux", "amd64")));
    return new StageReady(build, 3, stage, Map.of(), BuildOptions.DEFAULT);
  }

  private List<Event> results(StageExecutor executor) {
    var bus = new RecordingBus();
    try (var node = node(executor)) {
      node.start(bus);
      bus.publish(Topic.WORK, Scheduling.DEFAULT_POOL, job(BUILD));
    }
    return bus.published().stream()
        .filter(each -> each.topic() == Topic.STAGES)
        .map(RecordingBus.Published::event)
        .filter(each -> !(each instanceof NodeReported))
        .toList();
  }

  @Test
  void whatHappensToAStageIsPublished() {
    var bus = new RecordingBus();
    var job = job(BUILD);
    try (var node =
        node((_, listener) -> {
          listener.stepStarted(0);
          listener.printed(0, true, "text");
          for (var i = 0; i < 1000; i++) {
            listener.transferred(Transfer.UNPACK, "blob", i, Optional.of(1000L));
          }
          listener.transferred(Transfer.UNPACK, "blob", 1000, Optional.of(1000L));
          return RESULT;
        })) {
      node.start(bus);
      bus.publish(Topic.WORK, Scheduling.DEFAULT_POOL, job);
    }

    var id = job.stage().id();
    var started = new StageStarted(BUILD, id, 3, "here");
    var finished = new StageFinished(BUILD, id, 3, RESULT);
    assertThat(bus.published())
        .filteredOn(each -> !(each.event() instanceof NodeReported))
        .extracting(RecordingBus.Published::topic, RecordingBus.Published::event)
        .containsExactly(
            tuple(Topic.WORK, job),
            tuple(Topic.STAGES, started),
            tuple(Topic.EVENTS, started),
            tuple(Topic.EVENTS, new StepStarted(BUILD, id, 0)),
            tuple(Topic.LOGS, new LogChunk(BUILD, id, 0, true, "text")),
            tuple(
                Topic.EVENTS,
                new TransferProgressed(BUILD, Transfer.UNPACK, "blob", 0, Optional.of(1000L))),
            tuple(
                Topic.EVENTS,
                new TransferProgressed(BUILD, Transfer.UNPACK, "blob", 1000, Optional.of(1000L))),
            tuple(Topic.STAGES, finished),
            tuple(Topic.EVENTS, finished));
    assertThat(closed).hasValue(1);
  }

  @Test
  void failuresArePublishedAsTheyAre() {
    var failure = Failure.of("run-failed", "the command failed", "");

    var failed =
        results((_, _) -> {
          throw failure.toException();
        });
    var lost =
        results((_, _) -> {
          throw new IOException("no space left");
        });
    var bug =
        results((_, _) -> {
          throw new IllegalStateException("a bug");
        });

    assertThat(failed.getLast())
        .isInstanceOfSatisfying(
            StageFailed.class, event -> assertThat(event.failure()).isEqualTo(failure));
    assertThat(lost.getLast())
        .isInstanceOfSatisfying(
            StageFailed.class,
            event -> assertThat(event.failure().message()).contains("no space left"));
    assertThat(bug.getLast())
        .isInstanceOfSatisfying(
            StageFailed.class,
            event -> assertThat(event.failure().name()).isEqualTo("internal-error"));
  }

  @Test
  void aStageThatIsStoppedEndsAndOthersGoOn() throws Exception {
    var begun = new CountDownLatch(2);
    var go = new CountDownLatch(1);
    var other = new BuildId("other");
    var results = new LinkedBlockingQueue<Event>();
    try (var bus = new InMemoryEventBus((_, _) -> {});
        var node =
            node((_, _) -> {
              begun.countDown();
              go.await();
              return RESULT;
            })) {
      bus.subscribe(Topic.STAGES, "test", results::add);
      node.start(bus);
      bus.publish(Topic.WORK, Scheduling.DEFAULT_POOL, job(BUILD));
      bus.publish(Topic.WORK, Scheduling.DEFAULT_POOL, job(other));
      assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();

      var stage = job(BUILD).stage().id();
      // What is not meant: another attempt, and a build that has ended though others may want it.
      bus.publish(Topic.CONTROL, "b", new StageStopRequested(BUILD, stage, 2, "old"));
      bus.publish(Topic.CONTROL, "o", new BuildCancelRequested(other, "ended"));
      bus.publish(Topic.CONTROL, "b", new StageStopRequested(BUILD, stage, 3, "enough"));
      var first = ended(results);
      go.countDown();
      var second = ended(results);

      assertThat(first)
          .isInstanceOfSatisfying(
              StageFailed.class,
              event -> {
                assertThat(event.build()).isEqualTo(BUILD);
                assertThat(event.failure().name()).isEqualTo("cancelled");
                assertThat(event.failure().message()).contains("enough");
              });
      assertThat(second)
          .isInstanceOfSatisfying(
              StageFinished.class, event -> assertThat(event.build()).isEqualTo(other));
    }
  }

  @Test
  void closingEndsWhatRuns() throws Exception {
    var begun = new CountDownLatch(1);
    var results = new LinkedBlockingQueue<Event>();
    try (var bus = new InMemoryEventBus((_, _) -> {})) {
      bus.subscribe(Topic.STAGES, "test", results::add);
      try (var node =
          node((_, _) -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return RESULT;
          })) {
        node.start(bus);
        bus.publish(Topic.WORK, Scheduling.DEFAULT_POOL, job(BUILD));
        assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
      }

      assertThat(closed).hasValue(1);
      assertThat(ended(results)).isInstanceOf(StageFailed.class);
    }
  }

  @Test
  void theRungThatCommandsWillRunOnIsToldWhenAStageStarts() {
    var executor =
        new StageExecutor() {
          @Override
          public StageResult execute(StageReady job, StageListener listener) {
            return RESULT;
          }

          @Override
          public Optional<String> isolation(StageReady job) {
            return Optional.of("userns");
          }
        };

    assertThat(results(executor))
        .first()
        .isEqualTo(
            new StageStarted(BUILD, job(BUILD).stage().id(), 3, "here", 1, Optional.of("userns")));
  }

  private static Event ended(LinkedBlockingQueue<Event> results) throws InterruptedException {
    while (true) {
      var event = results.poll(1, TimeUnit.MINUTES);
      if (!(event instanceof StageStarted || event instanceof NodeReported)) {
        return Objects.requireNonNull(event);
      }
    }
  }
}
