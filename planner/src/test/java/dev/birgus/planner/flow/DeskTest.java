package dev.birgus.planner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Grants;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.contracts.StepLimits;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.json.Json;
import dev.birgus.planner.flow.DeskDecision.Outgoing;
import dev.birgus.planner.service.TestBuild;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Which stages are run when, for whom, and what becomes of them. */
class DeskTest {

  private static final String POOL = Scheduling.DEFAULT_POOL;
  private static final BuildId A = new BuildId("a");
  private static final BuildId B = new BuildId("b");
  private static final BuildId C = new BuildId("c");
  private static final Stage ONE = stage("FROM scratch AS one\nRUN one\n");
  private static final Stage TWO = stage("FROM scratch AS two\nRUN two\n");
  private static final Stage THREE = stage("FROM scratch AS three\nRUN three\n");
  private static final Failure FAILURE = Failure.of("broken", "it broke", "");

  private final Map<String, DeskEntry> table = new HashMap<>();
  private DeskSettings settings = DeskSettings.DEFAULT;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void nothingIsIssuedBeforeThereIsANode() {
    assertThat(send(wanted(A, ONE))).isEmpty();

    assertThat(jobs(send(node("n", 1)))).containsExactly(job(A, ONE, 1));
  }

  @Test
  void noMoreIsIssuedThanTheSlotsCanTakeAndOneMore() {
    send(node("n", 1));

    assertThat(jobs(send(wanted(A, ONE)))).hasSize(1);
    assertThat(jobs(send(wanted(A, TWO)))).hasSize(1);
    assertThat(jobs(send(wanted(A, THREE)))).isEmpty();
    assertThat(jobs(send(finished(A, ONE, 1)))).containsExactly(job(A, THREE, 1));
  }

  @Test
  void aNodeThatIsSilentOrLeavesDoesNotCount() {
    send(node("silent", 1));
    now = now.plusSeconds(16);
    assertThat(jobs(send(wanted(A, ONE)))).isEmpty();

    send(node("leaving", 0));
    assertThat(jobs(tick())).isEmpty();
  }

  @Test
  void whatALeavingNodeRunsTakesNoSlotOfTheOthers() {
    send(node("leaving", 1));
    send(wanted(A, ONE));
    send(wanted(A, TWO));
    send(wanted(A, THREE));

    send(node("leaving", 0, Map.of(ONE.id(), 1)));

    assertThat(jobs(send(node("other", 1)))).containsExactly(job(A, THREE, 1));
  }

  @Test
  void equalStagesOfSeveralBuildsRunOnceAndAllGetTheResult() {
    send(node("n", 2));
    send(wanted(A, ONE));

    assertThat(send(wanted(B, ONE)))
        .containsExactly(
            new Outgoing(Topic.EVENTS, "b", new Event.StageShared(B, ONE.id(), A, false)));
    assertThat(send(finished(A, ONE, 1)))
        .containsExactly(
            new Outgoing(Topic.RESULTS, "a", finished(A, ONE, 1)),
            new Outgoing(Topic.RESULTS, "b", finished(B, ONE, 1)),
            new Outgoing(Topic.EVENTS, "b", finished(B, ONE, 1)));
  }

  @Test
  void whoIsWaitingHearsWhoRunsItWhenItIsIssued() {
    send(wanted(A, ONE));
    send(wanted(B, ONE));

    assertThat(send(node("n", 1)))
        .contains(new Outgoing(Topic.EVENTS, "b", new Event.StageShared(B, ONE.id(), A, false)));
  }

  @Test
  void aResultIsGivenToLaterBuildsForSomeTime() {
    send(node("n", 1));
    send(wanted(A, ONE));
    send(finished(A, ONE, 1));

    assertThat(send(wanted(B, ONE)))
        .containsExactly(
            new Outgoing(Topic.EVENTS, "b", new Event.StageShared(B, ONE.id(), A, true)),
            new Outgoing(Topic.RESULTS, "b", finished(B, ONE, 1)),
            new Outgoing(Topic.EVENTS, "b", finished(B, ONE, 1)));

    now = now.plus(settings.reuse());
    send(node("n", 1));
    assertThat(jobs(send(wanted(C, ONE)))).containsExactly(job(C, ONE, 2));
  }

  @Test
  void aResultThatWasLostIsGivenToNobodyAndItsSuccessorIs() {
    send(node("n", 1));
    send(wanted(A, ONE));
    send(finished(A, ONE, 1));

    send(new Event.StageResultLost(A, ONE.id(), result("1")));
    assertThat(jobs(send(wanted(A, ONE)))).containsExactly(job(A, ONE, 2));
    send(new Event.StageFinished(A, ONE.id(), 2, result("2")));
    send(new Event.StageResultLost(B, ONE.id(), result("1")));

    assertThat(send(wanted(B, ONE)))
        .contains(
            new Outgoing(
                Topic.RESULTS, "b", new Event.StageFinished(B, ONE.id(), 2, result("2"))));
  }

  @Test
  void noMoreResultsAreKeptThanThereIsRoomFor() {
    settings = withResults(1);
    send(node("n", 2));
    for (var stage : List.of(ONE, TWO)) {
      send(wanted(A, stage));
      now = now.plusSeconds(1);
      send(finished(A, stage, 1));
    }

    tick();

    assertThat(jobs(send(wanted(B, ONE)))).hasSize(1);
    assertThat(jobs(send(wanted(B, TWO)))).isEmpty();
  }

  @Test
  void aStageThatIsItsBuildsOwnIsNeitherSharedNorKept() {
    send(node("n", 4));
    var own = Scheduling.DEFAULT.alone();

    assertThat(jobs(send(wanted(A, ONE, own)))).hasSize(1);
    assertThat(jobs(send(wanted(B, ONE, own)))).hasSize(1);
    assertThat(send(finished(A, ONE, 1)))
        .containsExactly(new Outgoing(Topic.RESULTS, "a", finished(A, ONE, 1)));
    assertThat(jobs(send(wanted(C, ONE)))).hasSize(1);
  }

  @Test
  void buildsWithOtherLimitsRunTheirOwn() {
    send(node("n", 4));
    var limits = new StepLimits(OptionalLong.of(1 << 30), OptionalLong.empty(), Optional.empty());
    var limited = BuildOptions.DEFAULT.with(Grants.NONE.with(limits));
    send(wanted(A, ONE));

    var more = new Event.StageWanted(B, ONE, Map.of(), limited, Scheduling.DEFAULT);

    assertThat(jobs(send(more))).containsExactly(job(B, ONE, 1));
  }

  @Test
  void commandsWithANetworkAreSharedUnlessTheyMustNot() {
    settings =
        new DeskSettings(
            settings.reuse(), 10, 10, 4, settings.nodeSilence(), settings.lostAfter(), false);
    var without = stage("FROM scratch AS none\nRUN --network=none x\n");
    send(node("n", 4));

    send(wanted(A, ONE));
    assertThat(jobs(send(wanted(B, ONE)))).hasSize(1);
    send(wanted(A, without));
    assertThat(jobs(send(wanted(B, without)))).isEmpty();
  }

  @Test
  void aFailureGoesToAllWhoWaitEachWithItsOwnPlace() {
    var other = stage("# a line more\nFROM scratch AS one\nRUN one\n");
    assertThat(other.id()).isEqualTo(ONE.id());
    send(node("n", 1));
    send(wanted(A, ONE));
    send(wanted(B, other));
    var failure = FAILURE.in(ONE.steps().getFirst().at());

    var sent = send(new Event.StageFailed(A, ONE.id(), 1, failure));

    assertThat(sent)
        .containsExactly(
            new Outgoing(Topic.RESULTS, "a", new Event.StageFailed(A, ONE.id(), 1, failure)),
            new Outgoing(
                Topic.RESULTS,
                "b",
                new Event.StageFailed(
                    B, ONE.id(), 1, FAILURE.in(other.steps().getFirst().at()))),
            new Outgoing(
                Topic.EVENTS,
                "b",
                new Event.StageFailed(
                    B, ONE.id(), 1, FAILURE.in(other.steps().getFirst().at()))));
    assertThat(jobs(send(wanted(C, ONE)))).containsExactly(job(C, ONE, 2));
  }

  @Test
  void whatIsUrgentGoesFirst() {
    send(wanted(A, ONE, scheduling("t", 0)));
    now = now.plusSeconds(1);
    send(wanted(A, TWO, scheduling("t", 5)));
    send(wanted(A, THREE, scheduling("t", -5)));

    send(node("n", 1));

    assertThat(issuedInTurn()).containsExactly("one", "two");
    assertThat(jobs(send(finished(A, TWO, 1)))).containsExactly(job(A, THREE, 1));
  }

  @Test
  void aTenantWithManyStagesDoesNotKeepTheOthersWaiting() {
    for (var i = 0; i < 10; i++) {
      send(wanted(A, numbered(i), scheduling("many", 0)));
    }
    now = now.plusSeconds(1);
    send(wanted(B, ONE, scheduling("few", 0)));
    send(wanted(B, TWO, scheduling("few", 0)));

    var issued = new ArrayList<>(jobs(send(node("n", 1))));
    while (issued.size() < 12) {
      var oldest = (Event.StageReady) issued.get(done++);
      issued.addAll(jobs(send(finished(oldest.build(), oldest.stage(), 1))));
    }

    assertThat(issued.subList(0, 4))
        .extracting(each -> ((Event.StageReady) each).build())
        .containsExactlyInAnyOrder(A, A, B, B);
  }

  private int done;

  @Test
  void aRefusalIsSaidWhereTooManyWait() {
    settings =
        new DeskSettings(
            settings.reuse(), 10, 2, 4, settings.nodeSilence(), settings.lostAfter(), true);
    send(wanted(A, ONE));
    send(wanted(A, TWO));

    assertThat(send(wanted(B, THREE)))
        .extracting(Outgoing::topic)
        .containsExactly(Topic.RESULTS, Topic.EVENTS);
    assertThat(send(wanted(B, THREE)).getFirst().event())
        .isInstanceOfSatisfying(
            Event.StageFailed.class,
            failed -> assertThat(failed.failure().name()).isEqualTo("queue-full"));
  }

  @Test
  void whatNobodyWantsAnyMoreIsDroppedOrStopped() {
    send(node("n", 1));
    send(wanted(A, ONE));
    send(wanted(A, TWO));
    send(wanted(A, THREE));

    assertThat(send(unwanted(A, THREE))).isEmpty();
    assertThat(send(unwanted(A, ONE)))
        .containsExactly(
            new Outgoing(
                Topic.CONTROL, "a", new Event.StageStopRequested(A, ONE.id(), 1, "why")));
    assertThat(jobs(send(wanted(A, THREE)))).as("its slot is not free yet").isEmpty();
    assertThat(jobs(send(new Event.StageFailed(A, ONE.id(), 1, FAILURE))))
        .containsExactly(job(A, THREE, 1));
  }

  @Test
  void aStageOthersWaitForGoesOnWhenItsBuildIsCancelled() {
    send(node("n", 1));
    send(wanted(A, ONE));
    send(wanted(B, ONE));

    assertThat(send(unwanted(A, ONE))).isEmpty();
    assertThat(send(finished(A, ONE, 1)))
        .containsExactly(
            new Outgoing(Topic.RESULTS, "b", finished(B, ONE, 1)),
            new Outgoing(Topic.EVENTS, "b", finished(B, ONE, 1)));
  }

  @Test
  void whoWantsAStageThatIsBeingStoppedGetsItRunAgainAfterwards() {
    send(node("n", 2));
    send(wanted(A, ONE));
    send(unwanted(A, ONE));

    assertThat(send(wanted(B, ONE))).isEmpty();
    assertThat(send(new Event.StageFailed(A, ONE.id(), 1, FAILURE)))
        .extracting(Outgoing::event)
        .containsExactly(job(B, ONE, 2));
  }

  @Test
  void aStageThatIsHandedBackIsIssuedAgainAtOnce() {
    send(node("n", 1));
    send(wanted(A, ONE));

    assertThat(send(new Event.StageHandedBack(A, ONE.id(), 1, "n", "leaving")))
        .extracting(Outgoing::event)
        .containsExactly(job(A, ONE, 2));
    assertThat(send(new Event.StageFailed(A, ONE.id(), 1, FAILURE))).as("old").isEmpty();
  }

  @Test
  void theFirstSuccessWinsAndTheLaterAttemptIsStopped() {
    send(node("n", 2));
    send(wanted(A, ONE));
    send(new Event.StageHandedBack(A, ONE.id(), 1, "n", "leaving"));

    assertThat(send(finished(A, ONE, 1)))
        .extracting(Outgoing::event)
        .containsExactly(
            finished(A, ONE, 1),
            new Event.StageStopRequested(A, ONE.id(), 2, "another node has finished it"));
    assertThat(send(finished(A, ONE, 2))).isEmpty();
  }

  @Test
  void aStageThatTakesNodesDownIsGivenUp() {
    send(node("n", 1));
    send(wanted(A, ONE));
    for (var delivery = 1; delivery <= 4; delivery++) {
      assertThat(send(started(A, ONE, 1, "n" + delivery, delivery))).isEmpty();
      assertThat(send(started(A, ONE, 1, "n" + delivery, delivery))).as("twice").isEmpty();
    }

    var sent = send(started(A, ONE, 1, "n5", 5));

    assertThat(sent)
        .extracting(Outgoing::topic)
        .containsExactly(Topic.RESULTS, Topic.EVENTS, Topic.CONTROL);
    assertThat(sent.getFirst().event())
        .isInstanceOfSatisfying(
            Event.StageFailed.class,
            failed -> {
              assertThat(failed.failure().name()).isEqualTo("stage-ends-nodes");
              assertThat(failed.failure().message()).contains("stage one", "n1, n2, n3, n4, n5");
            });
  }

  @Test
  void aStageThatIsHandedBackOftenIsNotGivenUp() {
    send(node("n", 1));
    send(wanted(A, ONE));
    for (var attempt = 1; attempt < 20; attempt++) {
      assertThat(send(started(A, ONE, attempt, "n", 1))).isEmpty();
      assertThat(send(new Event.StageHandedBack(A, ONE.id(), attempt, "n", "leaving")))
          .hasSize(1);
    }
  }

  @Test
  void aStageNoNodeHasIsIssuedAgainWhenOneCouldHaveTakenIt() {
    send(node("dead", 1));
    send(wanted(A, ONE));
    send(started(A, ONE, 1, "dead", 1));

    assertThat(seconds(100, node("alive", 1), ONE, 1))
        .containsExactly(
            new Event.StageStopRequested(A, ONE.id(), 1, "its node said nothing any more"),
            job(A, ONE, 2));
  }

  @Test
  void aStageOnTheQueueIsNotLostWhileAllSlotsAreTaken() {
    var busy = node("n", 1, Map.of(ONE.id(), 1));
    send(busy);
    send(wanted(A, ONE));
    send(wanted(A, TWO));

    assertThat(seconds(1_000, busy, ONE, 1)).isEmpty();
  }

  @Test
  void nothingStaysForEver() {
    send(node("n", 1));
    send(wanted(A, ONE));
    send(finished(A, ONE, 1));
    send(wanted(A, TWO));
    send(unwanted(A, TWO));
    send(new Event.StageFailed(A, TWO.id(), 1, FAILURE));

    now = now.plus(Duration.ofHours(2));
    tick();

    assertThat(table).isEmpty();
  }

  private List<Event> seconds(int count, Event report, Stage stage, int attempt) {
    assertThat(attempt).isEqualTo(1);
    assertThat(stage).isNotNull();
    var events = new ArrayList<Event>();
    for (var second = 0; second < count; second++) {
      now = now.plusSeconds(1);
      send(report).forEach(each -> events.add(each.event()));
      tick().forEach(each -> events.add(each.event()));
    }
    return events;
  }

  private List<String> issuedInTurn() {
    return table.values().stream()
        .filter(entry ->
            entry instanceof DeskEntry.Task task && task.phase() == DeskEntry.Phase.ISSUED)
        .map(entry -> ((DeskEntry.Task) entry).stage())
        .map(id -> id.equals(ONE.id()) ? "one" : id.equals(TWO.id()) ? "two" : "three")
        .sorted()
        .toList();
  }

  private List<Outgoing> send(Event event) {
    return apply(new Desk(settings).decide(POOL, table, event, now));
  }

  private List<Outgoing> tick() {
    return apply(new Desk(settings).tick(table, now));
  }

  private List<Outgoing> apply(DeskDecision decision) {
    decision
        .changes()
        .forEach((key, entry) ->
            entry.ifPresentOrElse(there -> table.put(key, there), () -> table.remove(key)));
    return decision.published();
  }

  private static List<Event> jobs(List<Outgoing> sent) {
    return sent.stream()
        .filter(each -> each.topic() == Topic.WORK)
        .map(Outgoing::event)
        .toList();
  }

  private DeskSettings withResults(int most) {
    return new DeskSettings(
        settings.reuse(), most, 10, 4, settings.nodeSilence(), settings.lostAfter(), true);
  }

  private static Scheduling scheduling(String tenant, int priority) {
    return new Scheduling(tenant, priority, Optional.empty(), Optional.empty(), POOL, true);
  }

  private static Event job(BuildId build, Stage stage, int attempt) {
    return new Event.StageReady(build, attempt, stage, Map.of(), BuildOptions.DEFAULT);
  }

  private static Event wanted(BuildId build, Stage stage) {
    return wanted(build, stage, Scheduling.DEFAULT);
  }

  private static Event wanted(BuildId build, Stage stage, Scheduling scheduling) {
    return new Event.StageWanted(build, stage, Map.of(), BuildOptions.DEFAULT, scheduling);
  }

  private static Event unwanted(BuildId build, Stage stage) {
    return new Event.StageUnwanted(build, stage.id(), "why");
  }

  private static Event started(BuildId build, Stage stage, int attempt, String node, int delivery) {
    return new Event.StageStarted(build, stage.id(), attempt, node, delivery);
  }

  private static Event finished(BuildId build, Stage stage, int attempt) {
    return new Event.StageFinished(build, stage.id(), attempt, result("1"));
  }

  private static StageResult result(String text) {
    return new StageResult(List.of(), List.of(Json.Obj.EMPTY.with("created_by", Json.of(text))));
  }

  private static Event node(String name, int slots) {
    return node(name, slots, Map.of());
  }

  private static Event node(String name, int slots, Map<StageId, Integer> running) {
    return new Event.NodeReported(name, POOL, slots, running);
  }

  private static Stage numbered(int number) {
    return stage("FROM scratch\nRUN number " + number + "\n");
  }

  private static Stage stage(String dockerfile) {
    return TestBuild.of(dockerfile).plan().stages().getFirst();
  }
}
