package dev.birgus.planner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.Event;
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
  void aStageIsNotBlamedForNodesThatAnotherTookDown() {
    // given one that was on three of the nodes another took down, and on one that died of itself
    send(node("n1", 2));
    send(wanted(A, ONE));
    send(wanted(B, TWO));
    for (var delivery = 1; delivery <= 4; delivery++) {
      send(started(A, ONE, 1, "n" + delivery, delivery));
      send(started(B, TWO, 1, delivery == 1 ? "other" : "n" + delivery, delivery));
    }

    // when
    send(started(A, ONE, 1, "n5", 5));

    // then
    assertThat(send(started(B, TWO, 1, "n5", 5))).isEmpty();
    for (var delivery = 6; delivery <= 7; delivery++) {
      assertThat(send(started(B, TWO, 1, "other", delivery))).isEmpty();
    }
    assertThat(send(started(B, TWO, 1, "other", 8))).isNotEmpty();
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
