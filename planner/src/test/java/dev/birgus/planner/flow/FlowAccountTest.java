package dev.birgus.planner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.AdmissionRules;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Grants;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.oci.Digest;
import dev.birgus.planner.service.TestBuild;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a build does about time, its line, and layers that were lost. */
class FlowAccountTest {

  private static final BuildId BUILD = new BuildId("b1");
  private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Failure MISSING = Failure.of(Failure.LAYER_MISSING, "it is gone", "");
  private static final TestBuild CHAIN =
      TestBuild.of(
          """
          FROM scratch AS base
          RUN a
          FROM base AS left
          RUN left
          FROM base AS right
          RUN right
          FROM left
          COPY --from=right a a
          """);
  private static final Plan PLAN = CHAIN.plan();

  private BuildState state = new BuildState.Unknown();
  private Instant now = BEGUN;
  private FlowSettings settings = FlowSettings.DEFAULT;

  @Test
  void theImageSaysTheTimeItsPushWasRequested() {
    begin(Scheduling.DEFAULT);
    now = now.plusSeconds(7);

    assertThat(finishAll())
        .last()
        .isInstanceOfSatisfying(
            Command.PushImage.class,
            push -> assertThat(push.requested().image().created()).contains(now));
  }

  @Test
  void aBuildThatIsLateEndsAndAllOfItIsStopped() {
    begin(limited(Duration.ofSeconds(90)));
    assertThat(Flow.deadline(state)).contains(BEGUN.plusSeconds(90));

    now = BEGUN.plusSeconds(89);
    assertThat(timeout()).isEmpty();
    now = BEGUN.plusSeconds(90);
    var commands = timeout();

    assertThat(commands.getFirst())
        .isInstanceOfSatisfying(
            Command.Announce.class,
            told ->
                assertThat(told.event())
                    .isInstanceOfSatisfying(
                        Event.BuildFailed.class,
                        failed -> {
                          assertThat(failed.failure().name()).isEqualTo("time-limit");
                          assertThat(failed.failure().message()).endsWith("in 1m 30s");
                        }));
    assertThat(commands.subList(1, commands.size()))
        .containsExactly(
            new Command.TellDesk(
                "default", new Event.StageUnwanted(BUILD, stage(0).id(), "the time limit is over")),
            new Command.StopPush(new Event.BuildCancelRequested(BUILD, "the time limit is over")));
    assertThat(timeout()).isEmpty();
  }

  @Test
  void aBuildThatIsLateForWantOfNodesSaysSo() {
    begin(limited(Duration.ofMinutes(2)));
    assertThat(send(new Event.NodesAwaited(BUILD, "arm", false))).isEmpty();
    now = BEGUN.plusSeconds(120);

    assertThat(timeLimit(timeout()))
        .satisfies(failure -> {
          assertThat(failure.message())
              .isEqualTo(
                  "the build has not come to its end in 2m: no node of the pool arm takes its"
                      + " stages");
          assertThat(failure.advice()).contains("--pool");
        });
  }

  @Test
  void aBuildThatIsLateThoughItsNodesHaveComeSaysNothingOfThem() {
    begin(limited(Duration.ofMinutes(2)));
    send(new Event.NodesAwaited(BUILD, "arm", false));
    send(new Event.NodesAwaited(BUILD, "arm", true));
    now = BEGUN.plusSeconds(120);

    assertThat(timeLimit(timeout()).message()).endsWith("in 2m");
  }

  private static Failure timeLimit(List<Command> commands) {
    var told = (Command.Announce) commands.getFirst();
    return ((Event.BuildFailed) told.event()).failure();
  }

  @Test
  void aBuildIsLateWhileItsPlanIsMadeAndWhileItIsPushedToo() {
    send(new Event.BuildRequested(BUILD, CHAIN.request().with(limited(Duration.ofMinutes(1)))));
    now = BEGUN.plusSeconds(60);
    assertThat(timeout()).hasSize(2).last().isEqualTo(new Command.StopPlanning());

    state = new BuildState.Unknown();
    begin(limited(Duration.ofMinutes(1)));
    finishAll();
    now = now.plusSeconds(60);
    assertThat(timeout()).singleElement().isInstanceOf(Command.StopPush.class);
    assertThat(send(new Event.PushFailed(BUILD, Failure.of("push-cancelled", "late", ""))))
        .hasSize(2)
        .first()
        .isInstanceOfSatisfying(
            Command.Announce.class,
            told ->
                assertThat(told.event())
                    .isInstanceOfSatisfying(
                        Event.BuildFailed.class,
                        failed -> assertThat(failed.failure().name()).isEqualTo("time-limit")));
  }

  @Test
  void aBuildThatIsCancelledWhileItIsPushedEndsAsItsPusherSays() {
    cancelWhilePushing();
    assertThat(send(new Event.PushFailed(BUILD, Failure.of("push-cancelled", "why", ""))))
        .startsWith(new Command.Announce(new Event.BuildCancelled(BUILD, "why")));

    cancelWhilePushing();
    var pushed = new Event.ImagePushed(BUILD, Digest.sha256(new byte[] {1}), 7);
    assertThat(send(pushed))
        .as("its tag had moved")
        .startsWith(new Command.Announce(new Event.BuildSucceeded(BUILD, pushed.manifest(), 7)));
  }

  @Test
  void aPusherMayBeOutOfReachForAMinuteButIsNotWaitedForForEver() {
    cancelWhilePushing();
    now = now.plusSeconds(179);
    assertThat(timeout()).isEmpty();
    now = now.plusSeconds(1);
    var cancelled = new Event.BuildCancelled(BUILD, "why");
    assertThat(timeout())
        .containsExactly(new Command.Announce(cancelled), new Command.StopPush(cancelled));
  }

  @Test
  void pushersHearThatAPushIsOverForItMayComeToThemOnceMore() {
    var image = Digest.sha256(new byte[] {1});
    var denied = Failure.of("denied", "no", "");
    begin(Scheduling.DEFAULT);
    finishAll();
    assertThat(send(new Event.ImagePushed(BUILD, image, 7)))
        .last()
        .isEqualTo(new Command.StopPush(new Event.BuildSucceeded(BUILD, image, 7)));

    state = new BuildState.Unknown();
    begin(Scheduling.DEFAULT);
    finishAll();
    assertThat(send(new Event.PushFailed(BUILD, denied)))
        .last()
        .isEqualTo(new Command.StopPush(new Event.BuildFailed(BUILD, denied)));
  }

  private void cancelWhilePushing() {
    state = new BuildState.Unknown();
    begin(Scheduling.DEFAULT);
    finishAll();
    var cancel = new Event.BuildCancelRequested(BUILD, "why");
    assertThat(send(cancel)).containsExactly(new Command.StopPush(cancel));
    assertThat(send(cancel)).as("again").isEmpty();
  }

  @Test
  void aLineHearsOfItsBuildsAndOfTheirEnds() {
    var inLine = line("main");

    var key = line("main").lineKey().orElseThrow();
    var advanced = new Event.LineAdvanced(BUILD, "main", Optional.of(BEGUN));

    assertThat(begin(inLine)).contains(new Command.TellLine(key, advanced));
    assertThat(send(new Event.BuildCancelRequested(BUILD, "why")))
        .last()
        .isEqualTo(new Command.TellLine(key, new Event.BuildCancelled(BUILD, "why")));
  }

  @Test
  void aLineHearsWhenABuildWasRequestedButNoTimeThatIsToCome() {
    var inLine = CHAIN.request().with(line("main"));

    for (var seconds : List.of(-5, 5)) {
      state = new BuildState.Unknown();
      var at = Optional.of(BEGUN.plusSeconds(seconds));
      assertThat(send(new Event.BuildRequested(BUILD, inLine, at)).getLast())
          .isInstanceOfSatisfying(
              Command.TellLine.class,
              told ->
                  assertThat(told.event())
                      .isEqualTo(
                          new Event.LineAdvanced(
                              BUILD,
                              "main",
                              Optional.of(BEGUN.plusSeconds(Math.min(seconds, 0))))));
    }
  }

  private static Scheduling line(String line) {
    return new Scheduling(
        "t", 0, Optional.of(line), Optional.empty(), Scheduling.DEFAULT_POOL, true);
  }

  @Test
  void aRequestThatAsksForWhatItMayNotHaveEndsBeforeAnythingIsBegun() {
    var rules = new AdmissionRules(false, Set.of(), Set.of(), Duration.ofMinutes(5));
    settings = new FlowSettings(true, Optional.of(rules));
    var context = ContextRef.inBlob(Digest.sha256(new byte[] {1}));

    var tar = new Delivery.ToTar("/etc/cron.d/x");
    assertThat(refusal(requested(context, List.of(tar), Grants.NONE))).isEqualTo("local-output");
    var insecure = new Grants(Map.of(), Map.of(), Set.of(Grants.Entitlement.INSECURE_SECURITY));
    assertThat(refusal(requested(context, List.of(), insecure))).isEqualTo("not-allowed");
    assertThat(refusal(requested(new ContextRef("/"), List.of(), Grants.NONE)))
        .isEqualTo("context-not-uploaded");

    state = new BuildState.Unknown();
    send(new Event.BuildRequested(BUILD, requested(context, List.of(), Grants.NONE)));
    assertThat(Flow.deadline(state))
        .as("the limit of who does not say")
        .contains(BEGUN.plusSeconds(300));
  }

  private String refusal(BuildRequest request) {
    state = new BuildState.Unknown();
    var told = (Command.Announce) send(new Event.BuildRequested(BUILD, request)).getFirst();
    assertThat(state).isInstanceOf(BuildState.Ended.class);
    return ((Event.BuildFailed) told.event()).failure().name();
  }

  private static BuildRequest requested(
      ContextRef context, List<Delivery> deliveries, Grants grants) {
    var request = CHAIN.request();
    return new BuildRequest(
        request.dockerfile(),
        context,
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        List.of(),
        request.platform(),
        List.of(),
        deliveries,
        request.options().with(grants));
  }

  @Test
  void aStageThatMissesALayerIsRunAgainOnNewResults() {
    begin(Scheduling.DEFAULT);
    send(finished(0, "old"));

    assertThat(send(failed(1))).containsExactly(lost(0, "old"), want(0));
    assertThat(send(failed(2))).as("for the same reason").isEmpty();
    assertThat(wantedOf(send(finished(0, "new")))).containsExactly("left", "right");
  }

  @Test
  void aStageThatMissesALayerAgainFailsTheBuild() {
    begin(Scheduling.DEFAULT);
    send(finished(0, "old"));
    send(failed(1));
    send(finished(0, "new"));

    assertThat(send(failed(1)).getFirst())
        .isEqualTo(new Command.Announce(new Event.BuildFailed(BUILD, MISSING)));
  }

  @Test
  void aPushThatMissesALayerHasTheStagesRunAgainOnce() {
    begin(Scheduling.DEFAULT);
    finishAll();

    var again = send(new Event.PushFailed(BUILD, MISSING));
    assertThat(again).filteredOn(each -> each instanceof Command.TellDesk).hasSize(4);
    assertThat(wantedOf(again)).containsExactly("base");
    assertThat(finishAll()).last().isInstanceOf(Command.PushImage.class);
    assertThat(send(new Event.PushFailed(BUILD, MISSING)))
        .startsWith(new Command.Announce(new Event.BuildFailed(BUILD, MISSING)));
  }

  private List<Command> begin(Scheduling scheduling) {
    var commands = new ArrayList<Command>();
    commands.addAll(send(new Event.BuildRequested(BUILD, CHAIN.request().with(scheduling))));
    commands.addAll(send(new Event.BuildPlanned(BUILD, PLAN)));
    return commands;
  }

  private List<Command> finishAll() {
    var last = List.<Command>of();
    for (var stage = 0; stage < PLAN.stages().size(); stage++) {
      last = send(finished(stage, "r" + stage));
    }
    return last;
  }

  private List<Command> send(Event.OfBuild event) {
    var decision = Flow.decide(state, event, now, settings);
    state = decision.state();
    return decision.commands();
  }

  private List<Command> timeout() {
    var decision = Flow.timeout(state, BUILD, now);
    state = decision.state();
    return decision.commands();
  }

  private static Scheduling limited(Duration limit) {
    return new Scheduling(
        "", 0, Optional.empty(), Optional.of(limit), Scheduling.DEFAULT_POOL, true);
  }

  private static Command lost(int stage, String result) {
    return new Command.TellDesk(
        "default", new Event.StageResultLost(BUILD, stage(stage).id(), result(result)));
  }

  private static Command want(int stage) {
    return new Command.WantStage(
        new Event.StageWanted(
            BUILD, stage(stage), Map.of(), CHAIN.request().options(), Scheduling.DEFAULT));
  }

  private static List<String> wantedOf(List<Command> commands) {
    var names = new ArrayList<String>();
    for (var command : commands) {
      if (command instanceof Command.WantStage(var wanted)) {
        names.add(wanted.stage().name());
      }
    }
    return names;
  }

  private static Stage stage(int number) {
    return PLAN.stages().get(number);
  }

  private static Event.OfBuild failed(int stage) {
    return new Event.StageFailed(BUILD, stage(stage).id(), 1, MISSING);
  }

  private static Event.OfBuild finished(int stage, String result) {
    return new Event.StageFinished(BUILD, stage(stage).id(), 1, result(result));
  }

  private static StageResult result(String name) {
    return new StageResult(List.of(), List.of(Json.Obj.EMPTY.with("created_by", Json.of(name))));
  }
}
