package dev.birgus.executor.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.stage.StageExecutor;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.NodeReported;
import dev.birgus.infra.contracts.Event.StageFailed;
import dev.birgus.infra.contracts.Event.StageFinished;
import dev.birgus.infra.contracts.Event.StageHandedBack;
import dev.birgus.infra.contracts.Event.StageLeaseLost;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Event.StageStarted;
import dev.birgus.infra.contracts.Event.StageStopRequested;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
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
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A stage goes from one node to another: each says only what is its to say. */
class SeveralNodesTest {

  private static final BuildId BUILD = new BuildId("b");
  private static final StageId STAGE = new StageId(Digest.sha256(new byte[0]));
  private static final StageResult RESULT = new StageResult(List.of(), List.of());
  private static final Failure FULL = Failure.of("disk-full", "the disk is full", "");

  private final RecordingBus bus = new RecordingBus();
  private final StandingPremises premises = new StandingPremises(() -> {});
  private final CountDownLatch begun = new CountDownLatch(1);

  private ExecutorNode node(StageExecutor executor) {
    var membership = new NodeMembership("pool", true, 0, 0, Duration.ofHours(1));
    return new ExecutorNode(
        new ExecutorNode.Identity("here", 2, membership),
        executor,
        InstantSource.system(),
        Journal.silent(),
        premises);
  }

  private static StageReady job(int attempt) {
    var stage =
        new Stage(
            STAGE,
            0,
            "stage-0",
            new StageBase.Scratch(),
            List.of(),
            ImageConfig.scratch(Platform.of("linux", "amd64")));
    return new StageReady(BUILD, attempt, stage, Map.of(), BuildOptions.DEFAULT);
  }

  private void run(HeldJob job, StageExecutor executor) {
    try (var node = node(executor)) {
      node.start(bus);
      bus.give(Topic.WORK, job);
    }
  }

  private StageResult forEver() throws InterruptedException {
    begun.countDown();
    new CountDownLatch(1).await();
    return RESULT;
  }

  /** What was told of stages; the planner and whoever watches are told the same. */
  private <E extends Event> List<E> told(Class<E> kind) {
    return bus.all(kind).stream().distinct().toList();
  }

  private List<Integer> reportedSlots() {
    return bus.all(NodeReported.class).stream().map(NodeReported::slots).toList();
  }

  @Test
  void whatBecameOfAStageThatWasLostIsNotSaid() {
    run(new HeldJob(job(1), 1).lost(), (_, _) -> RESULT);
    run(
        new HeldJob(job(1), 1).lost(),
        (_, _) -> {
          throw FULL.toException();
        });

    assertThat(told(StageFinished.class)).isEmpty();
    assertThat(told(StageFailed.class)).isEmpty();
    assertThat(told(StageHandedBack.class)).isEmpty();
    assertThat(told(StageLeaseLost.class))
        .containsExactly(new StageLeaseLost(BUILD, STAGE, 1, "here", 1));
  }

  @Test
  void aStageWhoseOutcomeCannotBePublishedIsNotDone() {
    bus.refusing(StageFinished.class);

    assertThatThrownBy(() -> run(new HeldJob(job(1), 1), (_, _) -> RESULT))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("an event cannot be sent");

    assertThat(told(StageFailed.class)).isEmpty();
    assertThat(told(StageHandedBack.class)).isEmpty();
  }

  @Test
  void aStageWhoseBeginningCannotBePublishedHasNotFailed() {
    bus.refusing(StageStarted.class);

    assertThatThrownBy(() -> run(new HeldJob(job(1), 1), (_, _) -> RESULT))
        .isInstanceOf(FailureException.class);

    assertThat(told(StageFailed.class)).isEmpty();
    assertThat(told(StageHandedBack.class)).isEmpty();
  }

  @Test
  void aStageThatRunsWhenTheNodeLeavesIsHandedBack() throws Exception {
    Thread working;
    try (var node = node((_, _) -> forEver())) {
      node.start(bus);
      working = Thread.ofVirtual().start(() -> bus.give(Topic.WORK, new HeldJob(job(1), 1)));
      begun.await();
    }
    working.join();

    assertThat(told(StageHandedBack.class))
        .containsExactly(new StageHandedBack(BUILD, STAGE, 1, "here", "the node is shutting down"));
    assertThat(told(StageFailed.class)).isEmpty();
    assertThat(reportedSlots()).startsWith(2).endsWith(0);
  }

  @Test
  void aFullDiskIsTheNodesTroubleUntilTheStageWasTriedOftenEnough() {
    StageExecutor full =
        (_, _) -> {
          throw FULL.toException();
        };

    run(new HeldJob(job(1), 1), full);
    run(new HeldJob(job(3), 1), full);

    assertThat(told(StageHandedBack.class))
        .containsExactly(new StageHandedBack(BUILD, STAGE, 1, "here", "the disk is full"));
    assertThat(told(StageFailed.class)).containsExactly(new StageFailed(BUILD, STAGE, 3, FULL));
  }

  @Test
  void attemptsThatWereMadeForOthersBeforeDoNotCountAsTries() {
    var first = job(7);
    var job =
        new StageReady(BUILD, 7, first.stage(), Map.of(), BuildOptions.DEFAULT, OptionalInt.of(1));

    run(
        new HeldJob(job, 1),
        (_, _) -> {
          throw FULL.toException();
        });

    assertThat(told(StageHandedBack.class)).hasSize(1);
    assertThat(told(StageFailed.class)).isEmpty();
  }

  @Test
  void whatTheBuildDidWrongIsNotHandedBack() {
    var failure = Failure.of("run-failed", "the command failed", "");

    run(
        new HeldJob(job(1), 1),
        (_, _) -> {
          throw failure.toException();
        });

    assertThat(told(StageFailed.class)).containsExactly(new StageFailed(BUILD, STAGE, 1, failure));
  }

  @Test
  void aNodeWithATroubleTakesNothing() {
    try (var node =
        node((_, _) -> {
          premises.troubledBy("no space");
          throw FULL.toException();
        })) {
      node.start(bus);
      assertThat(node.trouble()).isEmpty();
      bus.give(Topic.WORK, new HeldJob(job(1), 1));

      assertThat(reportedSlots()).containsExactly(2, 0);
      assertThat(node.trouble()).contains("no space");
    }
  }

  @Test
  void aStageNobodyWantsIsStopped() throws Exception {
    Thread working;
    try (var node = node((_, _) -> forEver())) {
      node.start(bus);
      working = Thread.ofVirtual().start(() -> bus.give(Topic.WORK, new HeldJob(job(1), 1)));
      begun.await();

      bus.publish(Topic.CONTROL, "b", new StageStopRequested(BUILD, STAGE, 2, "another"));
      bus.publish(Topic.CONTROL, "b", new StageStopRequested(BUILD, STAGE, 1, "not wanted"));
      working.join();
    }

    assertThat(told(StageFailed.class))
        .extracting(event -> event.failure().message())
        .containsExactly("cancelled: not wanted");
  }

  @Test
  void whatADeadNodeLeftIsSweptBeforeItsStageBeginsAgain() {
    run(new HeldJob(job(1), 1), (_, _) -> RESULT);
    assertThat(premises.sweeps()).isZero();

    run(new HeldJob(job(1), 2), (_, _) -> RESULT);
    assertThat(premises.sweeps()).isEqualTo(1);
    assertThat(told(StageFinished.class)).hasSize(1);
  }

  @Test
  void aStageThatEndsEveryNodeComesToAnEnd() {
    run(new HeldJob(job(1), 9), (_, _) -> RESULT);
    assertThat(told(StageHandedBack.class)).hasSize(1);
    assertThat(told(StageFailed.class)).isEmpty();

    run(new HeldJob(job(3), 9), (_, _) -> RESULT);
    assertThat(told(StageFailed.class))
        .extracting(event -> event.failure().name())
        .containsExactly("stage-given-up");
  }

  @Test
  void whatEndsInTimeIsNotHandedBackByADrain() throws Exception {
    var go = new CountDownLatch(1);
    Thread working;
    try (var node =
        node((_, _) -> {
          begun.countDown();
          go.await();
          return RESULT;
        })) {
      node.start(bus);
      working = Thread.ofVirtual().start(() -> bus.give(Topic.WORK, new HeldJob(job(1), 1)));
      begun.await();
      go.countDown();
      working.join();

      node.drain(Duration.ofMinutes(1));
    }

    assertThat(told(StageFinished.class)).hasSize(1);
    assertThat(told(StageHandedBack.class)).isEmpty();
  }
}
