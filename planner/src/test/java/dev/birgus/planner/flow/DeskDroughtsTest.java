package dev.birgus.planner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.planner.flow.DeskDecision.Outgoing;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What builds are told of a pool without nodes, or without slots. */
class DeskDroughtsTest extends DeskScenario {

  @Test
  void aBuildIsToldOnceThatItsPoolHasHadNoNodesForAMinute() {
    send(wanted(A, ONE));
    send(wanted(A, TWO));
    tick();
    pass(59);
    assertThat(tick()).isEmpty();

    pass(1);
    assertThat(tick())
        .containsExactly(
            new Outgoing(Topic.RESULTS, "a", awaited(A, false)),
            new Outgoing(Topic.EVENTS, "a", awaited(A, false)));

    pass(3600);
    assertThat(tick()).isEmpty();
    send(wanted(B, ONE));
    assertThat(tick()).extracting(Outgoing::event).contains(awaited(B, false)).hasSize(2);
  }

  @Test
  void itIsToldWhenThereIsANode() {
    send(wanted(A, ONE));
    tick();
    pass(60);
    tick();
    send(wanted(B, TWO));

    assertThat(jobs(send(node("n", 1)))).hasSize(2);

    assertThat(tick())
        .containsExactly(
            new Outgoing(Topic.RESULTS, "a", awaited(A, true)),
            new Outgoing(Topic.EVENTS, "a", awaited(A, true)));
    assertThat(tick()).isEmpty();
  }

  @Test
  void aNodeThatIsBackSoonIsNothingToTell() {
    send(node("n", 1));
    send(wanted(A, ONE));
    send(wanted(A, TWO));
    send(wanted(A, THREE));
    pass(16);
    tick();
    pass(50);
    assertThat(tick()).isEmpty();

    send(node("n", 1));
    tick();
    pass(16);
    tick();
    pass(50);

    assertThat(tick()).isEmpty();
  }

  @Test
  void aNodeThatTakesNothingIsNone() {
    send(wanted(A, ONE));
    for (var second = 0; second <= 60; second++) {
      send(node("full", 0));
      tick().forEach(each -> assertThat(each.event()).isEqualTo(awaited(A, false)));
      pass(1);
    }

    assertThat(table).containsKey(DeskKeys.drought(POOL));
    assertThat(tick()).isEmpty();
  }

  @Test
  void aStageThatWasOnTheQueueWhenItsNodesWentWaits() {
    send(node("n", 1));
    assertThat(jobs(send(wanted(A, ONE)))).hasSize(1);
    pass(16);
    tick();
    pass(60);

    assertThat(tick()).extracting(Outgoing::event).contains(awaited(A, false));
  }

  @Test
  void aStageThatRunsOnANodeThatTakesNoMoreWaitsForNothing() {
    send(node("n", 1));
    send(wanted(A, ONE));
    for (var second = 0; second < 100; second++) {
      send(node("n", 0, Map.of(ONE.id(), 1)));
      assertThat(tick()).isEmpty();
      pass(1);
    }
  }

  @Test
  void nothingIsKeptOfAPoolNobodyWaitsFor() {
    send(wanted(A, ONE));
    tick();
    assertThat(table).containsKey(DeskKeys.drought(POOL));

    send(unwanted(A, ONE));
    tick();

    assertThat(table).isEmpty();
  }

  private void pass(int seconds) {
    now = now.plusSeconds(seconds);
  }

  private static Event awaited(BuildId build, boolean over) {
    return new Event.NodesAwaited(build, POOL, over);
  }
}
