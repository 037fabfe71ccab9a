package dev.birgus.planner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.planner.flow.DeskDecision.Outgoing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which stages are run when, and what is done when nodes do not do them. */
class DeskOrderTest extends DeskScenario {

  private int done;

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

  @Test
  void aRefusalIsSaidWhereTooManyWait() {
    settings =
        new DeskSettings(settings.reuse(), 10, 2, 4, settings.nodeSilence(), settings.lostAfter());
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
      assertThat(send(new Event.StageHandedBack(A, ONE.id(), attempt, "n", "leaving"))).hasSize(1);
    }
  }

  @Test
  void nodesAStageHasTakenDownCountThoughItsLastOneHandsItBack() {
    // given
    send(node("n", 1));
    send(wanted(A, ONE));
    for (var delivery = 1; delivery <= 3; delivery++) {
      assertThat(send(started(A, ONE, 1, "dead" + delivery, delivery))).isEmpty();
    }
    send(started(A, ONE, 1, "n", 4));
    assertThat(send(new Event.StageHandedBack(A, ONE.id(), 1, "n", "leaving"))).hasSize(1);

    // when
    assertThat(send(started(A, ONE, 2, "dead4", 1))).isEmpty();

    // then
    assertThat(send(started(A, ONE, 2, "dead5", 2))).isNotEmpty();
  }

  @Test
  void aStageIsNotBlamedForNodesThatAnotherTookDown() {
    // given one that was on two of the nodes another took down
    send(node("n1", 2));
    send(wanted(A, ONE));
    send(wanted(B, TWO));
    for (var delivery = 1; delivery <= 4; delivery++) {
      send(started(A, ONE, 1, "n" + delivery, delivery));
    }
    for (var delivery = 1; delivery <= 2; delivery++) {
      send(started(B, TWO, 1, "n" + delivery, delivery));
    }

    // when
    assertThat(send(started(A, ONE, 1, "n5", 5))).hasSize(3);

    // then
    for (var delivery = 3; delivery <= 6; delivery++) {
      assertThat(send(started(B, TWO, 1, "other", delivery))).isEmpty();
    }
    assertThat(send(started(B, TWO, 1, "other", 7))).isNotEmpty();
  }

  /** The first comes to the end of what is allowed while the other has been on the same nodes. */
  private void goDownTogether() {
    send(node("n", 2));
    send(wanted(A, ONE));
    send(wanted(B, TWO));
    for (var delivery = 1; delivery <= 4; delivery++) {
      send(started(A, ONE, 1, "n" + delivery, delivery));
      send(started(B, TWO, 1, "n" + delivery, delivery));
    }
    assertThat(send(started(A, ONE, 1, "n5", 5)))
        .extracting(Outgoing::event)
        .containsExactly(
            new Event.StageStopRequested(
                A, ONE.id(), 1, "another stage may have ended its nodes, and is watched first"));
    assertThat(send(started(B, TWO, 1, "n5", 5))).isEmpty();
  }

  @Test
  void ofTwoThatWentDownTogetherTheOneIsTriedWithoutTheOther() {
    // given
    goDownTogether();

    // when the first has stopped, it waits
    assertThat(send(new Event.StageFailed(A, ONE.id(), 1, FAILURE))).isEmpty();

    // then the second goes on to take nodes down, by itself
    assertThat(send(started(B, TWO, 1, "n6", 6))).isEmpty();
    assertThat(send(started(B, TWO, 1, "n7", 7)))
        .extracting(Outgoing::event)
        .hasAtLeastOneElementOfType(Event.StageFailed.class)
        .allSatisfy(event -> assertThat(event.subject()).isEqualTo("b"));

    // and the first is begun again when that one has stopped
    assertThat(jobs(send(new Event.StageFailed(B, TWO.id(), 1, FAILURE))))
        .containsExactly(job(A, ONE, 2));
    assertThat(send(started(A, ONE, 2, "n8", 1))).isEmpty();
    assertThat(send(finished(A, ONE, 2))).isNotEmpty();
  }

  @Test
  void theOneThatGoesOnTakingNodesDownIsGivenUpWhoeverIsBesideIt() {
    // given
    goDownTogether();
    send(new Event.StageFailed(A, ONE.id(), 1, FAILURE));
    assertThat(jobs(send(finished(B, TWO, 1)))).containsExactly(job(A, ONE, 2));

    // when a third is beside it
    send(wanted(B, numbered(3)));
    for (var delivery = 1; delivery <= 3; delivery++) {
      send(started(B, numbered(3), 1, "n" + (5 + delivery), delivery));
      assertThat(send(started(A, ONE, 2, "n" + (5 + delivery), delivery))).isEmpty();
    }

    // then
    assertThat(send(started(A, ONE, 2, "n9", 4)))
        .extracting(Outgoing::event)
        .hasAtLeastOneElementOfType(Event.StageFailed.class);
  }

  @Test
  void aNodeThatOnlyLostItsLeaseHasNotBeenTakenDown() {
    send(node("n", 1));
    send(wanted(A, ONE));
    for (var delivery = 1; delivery < 20; delivery++) {
      assertThat(send(started(A, ONE, 1, "n", delivery))).isEmpty();
      assertThat(send(new Event.StageLeaseLost(A, ONE.id(), 1, "n", delivery))).isEmpty();
    }
  }

  @Test
  void aStageNoNodeHasIsIssuedAgainWhenOneCouldHaveTakenIt() {
    send(node("dead", 1));
    send(wanted(A, ONE));
    send(started(A, ONE, 1, "dead", 1));

    assertThat(seconds(100, node("alive", 1)))
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

    assertThat(seconds(1_000, busy)).isEmpty();
  }

  @Test
  void aStageThatIsLostIsIssuedAgainThoughThePoolIsNeverIdle() {
    send(node("n", 1));
    send(wanted(A, ONE));
    send(wanted(A, TWO));
    send(started(A, TWO, 1, "n", 1));
    assertThat(seconds(20, node("n", 1, Map.of(TWO.id(), 1)))).isEmpty();

    // when stages that were issued later are run, one after the other
    var issued = new ArrayList<Event>();
    var running = job(A, TWO, 1);
    for (var number = 0; number < 4; number++) {
      var stage = numbered(number);
      send(wanted(B, stage));
      now = now.plusSeconds(1);
      var done = (Event.StageReady) running;
      running = jobs(send(finished(done.build(), done.stage(), 1))).getFirst();
      var next = (Event.StageReady) running;
      send(started(next.build(), next.stage(), 1, "n", 1));
      issued.addAll(seconds(20, node("n", 1, Map.of(next.stage().id(), 1))));
    }

    assertThat(issued)
        .containsExactly(
            new Event.StageStopRequested(A, ONE.id(), 1, "its node said nothing any more"),
            job(A, ONE, 2));
  }

  @Test
  void aStageThatRunsBesideAnEqualOneOnItsNodeIsNotLost() {
    send(node("n", 4));
    send(wanted(A, ONE));
    send(new Event.StageHandedBack(A, ONE.id(), 1, "n", "leaving"));
    send(started(A, ONE, 2, "n", 1));
    send(wanted(B, ONE, Scheduling.DEFAULT.alone()));
    send(started(B, ONE, 1, "n", 1));

    assertThat(seconds(200, node("n", 4, Map.of(ONE.id(), 2)))).isEmpty();
  }

  @Test
  void anAttemptNobodyWaitsForIsStoppedWhenItBegins() {
    send(node("n", 1));
    send(wanted(A, ONE));
    send(finished(A, ONE, 1));

    assertThat(send(started(A, ONE, 1, "late", 2)))
        .extracting(Outgoing::event)
        .containsExactly(new Event.StageStopRequested(A, ONE.id(), 1, "nobody waits for it"));

    send(wanted(A, TWO));
    send(new Event.StageHandedBack(A, TWO.id(), 1, "n", "leaving"));
    assertThat(send(started(A, TWO, 1, "late", 2)))
        .extracting(Outgoing::event)
        .containsExactly(new Event.StageStopRequested(A, TWO.id(), 1, "nobody waits for it"));
  }

  @Test
  void theTriesOfATaskAreNotThoseOfTheOneBefore() {
    send(node("n", 1));
    send(wanted(A, ONE));
    send(new Event.StageHandedBack(A, ONE.id(), 1, "n", "full"));
    send(new Event.StageHandedBack(A, ONE.id(), 2, "n", "full"));
    send(new Event.StageFailed(A, ONE.id(), 3, FAILURE));

    assertThat(jobs(send(wanted(B, ONE)))).containsExactly(job(B, ONE, 4, 1));
    assertThat(jobs(send(new Event.StageHandedBack(B, ONE.id(), 4, "n", "full"))))
        .containsExactly(job(B, ONE, 5, 2));
  }

  @Test
  void nobodyWaitsForEverHoweverUrgentOthersAre() {
    send(wanted(A, ONE, scheduling("patient", -100)));
    for (var number = 0; number < 30; number++) {
      send(wanted(B, numbered(number), scheduling("urgent", 100)));
    }

    var issued = new ArrayList<>(jobs(send(node("n", 1))));
    while (issued.size() < 10) {
      var oldest = (Event.StageReady) issued.get(done++);
      issued.addAll(jobs(send(finished(oldest.build(), oldest.stage(), 1))));
    }

    assertThat(issued.subList(0, 9)).extracting(Event::subject).containsOnly("b");
    assertThat(issued.get(9)).isEqualTo(job(A, ONE, 1));
  }

  private List<String> issuedInTurn() {
    return table.values().stream()
        .filter(
            entry -> entry instanceof DeskEntry.Task task && task.phase() == DeskEntry.Phase.ISSUED)
        .map(entry -> ((DeskEntry.Task) entry).stage())
        .map(id -> id.equals(ONE.id()) ? "one" : id.equals(TWO.id()) ? "two" : "three")
        .sorted()
        .toList();
  }
}
