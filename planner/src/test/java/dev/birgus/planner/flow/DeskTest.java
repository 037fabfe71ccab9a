package dev.birgus.planner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Grants;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.StepLimits;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.planner.flow.DeskDecision.Outgoing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Which stages run once for several builds, and who is told what. */
class DeskTest extends DeskScenario {

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
    assertThat(jobs(send(wanted(C, ONE)))).containsExactly(job(C, ONE, 2, 1));
  }

  @Test
  void aResultThatWasLostIsGivenToNobodyAndItsSuccessorIs() {
    send(node("n", 1));
    send(wanted(A, ONE));
    send(finished(A, ONE, 1));

    send(new Event.StageResultLost(A, ONE.id(), result("1")));
    assertThat(jobs(send(wanted(A, ONE)))).containsExactly(job(A, ONE, 2, 1));
    send(new Event.StageFinished(A, ONE.id(), 2, result("2")));
    send(new Event.StageResultLost(B, ONE.id(), result("1")));

    assertThat(send(wanted(B, ONE)))
        .contains(
            new Outgoing(Topic.RESULTS, "b", new Event.StageFinished(B, ONE.id(), 2, result("2"))));
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

    assertThat(jobs(send(more)))
        .containsExactly(new Event.StageReady(B, 1, ONE, Map.of(), limited, OptionalInt.of(1)));
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
                new Event.StageFailed(B, ONE.id(), 1, FAILURE.in(other.steps().getFirst().at()))),
            new Outgoing(
                Topic.EVENTS,
                "b",
                new Event.StageFailed(B, ONE.id(), 1, FAILURE.in(other.steps().getFirst().at()))));
    assertThat(jobs(send(wanted(C, ONE)))).containsExactly(job(C, ONE, 2, 1));
  }

  @Test
  void whatIsSaidTwiceOfABuildsOwnStageSaysNothingOfTheSharedOne() {
    send(node("n", 4));
    send(wanted(A, ONE, Scheduling.DEFAULT.alone()));
    send(wanted(B, ONE));
    var failed = new Event.StageFailed(A, ONE.id(), 1, FAILURE);

    assertThat(send(failed)).containsExactly(new Outgoing(Topic.RESULTS, "a", failed));

    assertThat(send(failed)).as("again").isEmpty();
    assertThat(send(new Event.StageHandedBack(A, ONE.id(), 1, "n", "leaving"))).isEmpty();
    assertThat(send(finished(A, ONE, 1))).as("the result is its build's own").isEmpty();
    assertThat(send(finished(B, ONE, 1)))
        .containsExactly(new Outgoing(Topic.RESULTS, "b", finished(B, ONE, 1)));
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
            new Outgoing(Topic.CONTROL, "a", new Event.StageStopRequested(A, ONE.id(), 1, "why")));
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

  private DeskSettings withResults(int most) {
    return new DeskSettings(
        settings.reuse(), most, 10, 4, settings.nodeSilence(), settings.lostAfter());
  }
}
