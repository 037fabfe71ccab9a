package dev.birgus.planner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.oci.Digest;
import dev.birgus.planner.service.TestBuild;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a build does after each event. */
class FlowTest {

  private static final BuildId BUILD = new BuildId("b1");
  private static final Digest MANIFEST = Digest.sha256(new byte[] {1});
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Failure FAILURE = Failure.of("broken", "it broke", "");

  private static final TestBuild DIAMOND =
      TestBuild.of(
              """
              FROM debian AS base
              RUN base
              FROM base AS left
              RUN left
              FROM base AS right
              RUN right
              FROM scratch AS last
              COPY --from=left a a
              COPY --from=right b b
              """)
          .tags("image:1");
  private static final Plan PLAN = DIAMOND.plan();

  private BuildState state = new BuildState.Unknown();

  @Test
  void aRequestIsPlannedOnce() {
    var requested = new Event.BuildRequested(BUILD, DIAMOND.request());

    assertThat(send(requested)).containsExactly(new Command.MakePlan(requested));
    assertThat(send(requested)).isEmpty();
  }

  @Test
  void stagesBecomeReadyWhenWhatTheyNeedIsFinishedAndIndependentOnesTogether() {
    assertThat(stagesOf(planned())).containsExactly("base");
    assertThat(stagesOf(send(finished("base")))).containsExactly("left", "right");
    assertThat(stagesOf(send(finished("right")))).isEmpty();
    assertThat(stagesOf(send(finished("left")))).containsExactly("last");
  }

  @Test
  void aStageGetsTheResultsItNeedsAndNoOthers() {
    planned();
    send(finished("base"));
    send(finished("left"));
    var last = send(finished("right"));

    assertThat(last)
        .singleElement()
        .isInstanceOfSatisfying(
            Command.WantStage.class,
            want ->
                assertThat(want.wanted().inputs())
                    .containsOnlyKeys(stage("left").id(), stage("right").id()));
  }

  @Test
  void theImageIsPushedWhenTheTargetIsFinishedAndTheBuildEndsWhenItIsThere() {
    planned();
    for (var name : List.of("base", "left", "right")) {
      send(finished(name));
    }

    assertThat(send(finished("last")))
        .singleElement()
        .isInstanceOfSatisfying(
            Command.PushImage.class,
            push -> {
              assertThat(push.requested().tags()).containsExactly("image:1");
              assertThat(push.requested().image().result()).isEqualTo(result("last"));
              assertThat(push.requested().image().baseManifest()).isEmpty();
            });
    assertThat(send(new Event.ImagePushed(BUILD, MANIFEST, 7)))
        .containsExactlyElementsOf(pushed(new Event.BuildSucceeded(BUILD, MANIFEST, 7)));
  }

  @Test
  void withSeveralTargetsTheImageIsPushedWhenAllOfThemAreFinished() {
    // given
    var build =
        TestBuild.of("FROM scratch AS image\nRUN a\nFROM scratch AS check\nRUN b\n")
            .target("image", "check");
    var plan = build.plan();
    send(new Event.BuildRequested(BUILD, build.request()));
    assertThat(stagesOf(send(new Event.BuildPlanned(BUILD, plan))))
        .containsExactly("image", "check");
    var image = plan.target();
    var check = plan.stages().getLast().id();

    // when, then
    assertThat(send(new Event.StageFinished(BUILD, image, 1, result("image")))).isEmpty();
    assertThat(send(new Event.StageFinished(BUILD, check, 1, result("check"))))
        .singleElement()
        .isInstanceOfSatisfying(
            Command.PushImage.class,
            push -> assertThat(push.requested().image().result()).isEqualTo(result("image")));
  }

  @Test
  void aResultThatComesTwiceChangesNothing() {
    planned();
    send(finished("base"));
    var before = state;

    assertThat(send(finished("base"))).isEmpty();
    assertThat(state).isEqualTo(before);
  }

  @Test
  void aResultOfAnyAttemptCountsAndOfAStageNobodyAskedForNone() {
    planned();
    var before = state;

    assertThat(send(new Event.StageFinished(BUILD, stage("left").id(), 1, result("left"))))
        .isEmpty();
    assertThat(send(new Event.StageFailed(BUILD, stage("left").id(), 1, FAILURE))).isEmpty();
    assertThat(state).isEqualTo(before);
    assertThat(
            stagesOf(send(new Event.StageFinished(BUILD, stage("base").id(), 2, result("base")))))
        .containsExactly("left", "right");
  }

  @Test
  void aFailedStageEndsTheBuildAndStopsTheOthers() {
    planned();
    send(finished("base"));

    assertThat(send(new Event.StageFailed(BUILD, stage("left").id(), 1, FAILURE)))
        .containsExactly(
            new Command.Announce(new Event.BuildFailed(BUILD, FAILURE)),
            unwanted("right", "stage left failed"),
            new Command.StopPush(new Event.BuildCancelRequested(BUILD, "stage left failed")));
    assertThat(send(finished("right"))).isEmpty();
    assertThat(state).isEqualTo(new BuildState.Ended(NOW));
  }

  @Test
  void aFailedStageThatRunsAloneStopsNothing() {
    planned();

    assertThat(send(new Event.StageFailed(BUILD, stage("base").id(), 1, FAILURE)))
        .containsExactly(new Command.Announce(new Event.BuildFailed(BUILD, FAILURE)));
  }

  @Test
  void aPlanThatCannotBeMadeEndsTheBuild() {
    send(new Event.BuildRequested(BUILD, DIAMOND.request()));
    var failed = new Event.BuildFailed(BUILD, FAILURE);

    assertThat(send(failed)).containsExactly(new Command.Announce(failed));
    assertThat(send(new Event.BuildPlanned(BUILD, PLAN))).isEmpty();
  }

  @Test
  void aFailedPushEndsTheBuild() {
    planned();
    for (var name : List.of("base", "left", "right", "last")) {
      send(finished(name));
    }

    assertThat(send(new Event.PushFailed(BUILD, FAILURE)))
        .containsExactlyElementsOf(pushed(new Event.BuildFailed(BUILD, FAILURE)));
  }

  @Test
  void aCancellationStopsThePlanning() {
    send(new Event.BuildRequested(BUILD, DIAMOND.request()));

    assertThat(send(new Event.BuildCancelRequested(BUILD, "why")))
        .containsExactly(
            new Command.Announce(new Event.BuildCancelled(BUILD, "why")),
            new Command.StopPlanning());
  }

  @Test
  void aCancellationEndsARunningBuild() {
    planned();

    assertThat(send(new Event.BuildCancelRequested(BUILD, "why")))
        .containsExactly(
            new Command.Announce(new Event.BuildCancelled(BUILD, "why")),
            unwanted("base", "why"),
            new Command.StopPush(new Event.BuildCancelRequested(BUILD, "why")));
    assertThat(send(finished("base"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverComesInWhateverOrderTheRulesHold(long seed) {
    var random = new Random(seed);
    for (var round = 0; round < 500; round++) {
      state = new BuildState.Unknown();
      var rules = new Rules();
      for (var event : randomEvents(random)) {
        var before = state;
        var commands = send(event);
        rules.check(event, commands);
        if (before instanceof BuildState.Ended) {
          assertThat(commands).isEmpty();
        }
        assertThat(send(event)).as("again").isEmpty();
      }
      assertThat(rules.ends).isLessThanOrEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyBuildWhoseStagesFinishSucceedsInWhateverOrderTheyDo(long seed) {
    var random = new Random(seed);
    for (var round = 0; round < 200; round++) {
      state = new BuildState.Unknown();
      var running = new ArrayList<>(stagesOf(planned()));
      while (!running.isEmpty()) {
        var next = running.remove(random.nextInt(running.size()));
        running.addAll(stagesOf(send(finished(next))));
      }

      assertThat(state).isInstanceOf(BuildState.Pushing.class);
    }
  }

  /** What must hold of the commands of any build. */
  private static final class Rules {
    private final Set<StageId> finished = new HashSet<>();
    private final Set<StageId> ready = new HashSet<>();
    private int ends;
    private int pushes;

    void check(Event event, List<Command> commands) {
      if (event instanceof Event.StageFinished done && ready.contains(done.stage())) {
        finished.add(done.stage());
      }
      for (var command : commands) {
        switch (command) {
          case Command.WantStage(var run) -> {
            assertThat(ready.add(run.stage().id())).as("asked for once").isTrue();
            assertThat(finished).containsAll(run.stage().needs());
            assertThat(run.inputs()).containsOnlyKeys(run.stage().needs());
          }
          case Command.PushImage _ -> {
            pushes++;
            assertThat(pushes).isEqualTo(1);
            assertThat(finished).contains(PLAN.target());
          }
          case Command.Announce(var told) -> {
            if (!(told instanceof Event.BuildPlanned)) {
              ends++;
            }
          }
          case Command.MakePlan _,
              Command.StopPlanning _,
              Command.StopPush _,
              Command.TellDesk _,
              Command.TellLine _ -> {}
        }
      }
    }
  }

  /** The end of a build that was with a pusher: who gets the job of the push once more is told. */
  private static List<Command> pushed(Event.OfBuild end) {
    return List.of(new Command.Announce(end), new Command.StopPush(end));
  }

  /** A full build with events lost, doubled, moved and strange ones put in. */
  private static List<Event.OfBuild> randomEvents(Random random) {
    var events = new ArrayList<Event.OfBuild>();
    events.add(new Event.BuildRequested(BUILD, DIAMOND.request()));
    events.add(new Event.BuildPlanned(BUILD, PLAN));
    for (var name : List.of("base", "left", "right", "last")) {
      events.add(finished(name));
    }
    events.add(new Event.ImagePushed(BUILD, MANIFEST, 1));
    var strange =
        List.<Event.OfBuild>of(
            new Event.BuildFailed(BUILD, FAILURE),
            new Event.BuildCancelRequested(BUILD, "why"),
            new Event.PushFailed(BUILD, FAILURE),
            new Event.StageFailed(BUILD, stage("left").id(), 1, FAILURE),
            new Event.StageFinished(BUILD, stage("right").id(), 2, result("right")),
            new Event.StageStarted(BUILD, stage("base").id(), 1, "node"),
            new Event.StageFinished(
                BUILD, new StageId(MANIFEST), 1, new StageResult(List.of(), List.of())));
    var disorder = random.nextInt(4);
    for (var change = 0; change < disorder; change++) {
      switch (random.nextInt(4)) {
        case 0 ->
            events.add(random.nextInt(events.size()), strange.get(random.nextInt(strange.size())));
        case 1 -> events.add(events.get(random.nextInt(events.size())));
        case 2 -> events.remove(random.nextInt(events.size()));
        default ->
            Collections.swap(events, random.nextInt(events.size()), random.nextInt(events.size()));
      }
    }
    return events;
  }

  private List<Command> planned() {
    send(new Event.BuildRequested(BUILD, DIAMOND.request()));
    return send(new Event.BuildPlanned(BUILD, PLAN));
  }

  private List<Command> send(Event.OfBuild event) {
    var decision = Flow.decide(state, event, NOW, FlowSettings.DEFAULT);
    state = decision.state();
    return decision.commands();
  }

  private static List<String> stagesOf(List<Command> commands) {
    var names = new ArrayList<String>();
    for (var command : commands) {
      if (command instanceof Command.WantStage(var ready)) {
        names.add(ready.stage().name());
      }
    }
    return names;
  }

  private static Stage stage(String name) {
    return PLAN.stages().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private static Event.OfBuild finished(String name) {
    return new Event.StageFinished(BUILD, stage(name).id(), 1, result(name));
  }

  private static Command unwanted(String name, String reason) {
    return new Command.TellDesk(
        "default", new Event.StageUnwanted(BUILD, stage(name).id(), reason));
  }

  private static StageResult result(String name) {
    return new StageResult(List.of(), List.of(Json.Obj.EMPTY.with("created_by", Json.of(name))));
  }
}
