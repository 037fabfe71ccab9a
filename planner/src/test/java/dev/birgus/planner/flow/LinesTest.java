package dev.birgus.planner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Scheduling;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which builds of a line are superseded. */
class LinesTest {

  private static final Instant LATER = Instant.ofEpochSecond(60);
  private static final BuildId OLD = new BuildId("old");
  private static final BuildId NEW = new BuildId("new");

  private Optional<Lines.Line> line = Optional.empty();

  @Test
  void aNewerBuildEndsTheOlder() {
    assertThat(send(new Event.LineAdvanced(OLD, "main"))).isEmpty();

    assertThat(send(new Event.LineAdvanced(NEW, "main")))
        .contains(new Event.BuildCancelRequested(OLD, "superseded by build new"));
  }

  @Test
  void aBuildThatHasEndedIsLeftAlone() {
    send(new Event.LineAdvanced(OLD, "main"));
    send(new Event.BuildCancelled(OLD, "enough"));

    assertThat(send(new Event.LineAdvanced(NEW, "main"))).isEmpty();
  }

  @Test
  void theEndOfAnOlderBuildDoesNotEndTheNewest() {
    send(new Event.LineAdvanced(OLD, "main"));
    send(new Event.LineAdvanced(NEW, "main"));
    send(new Event.BuildCancelled(OLD, "superseded"));

    assertThat(send(new Event.LineAdvanced(new BuildId("newer"), "main")))
        .contains(new Event.BuildCancelRequested(NEW, "superseded by build newer"));
  }

  @Test
  void anOldBuildThatIsHeardOfAgainIsNotTheNewest() {
    send(new Event.LineAdvanced(OLD, "main"));
    send(new Event.LineAdvanced(NEW, "main"));

    assertThat(send(new Event.LineAdvanced(OLD, "main"))).isEmpty();
    assertThat(line.orElseThrow().newest()).contains(NEW);
  }

  @Test
  void whichIsTheNewerIsSaidByTheTimeOfTheRequest() {
    var newer = new Event.LineAdvanced(NEW, "main", Optional.of(Instant.ofEpochSecond(2)));
    var older = new Event.LineAdvanced(OLD, "main", Optional.of(Instant.ofEpochSecond(1)));
    assertThat(send(newer)).isEmpty();

    assertThat(send(older))
        .contains(new Event.BuildCancelRequested(OLD, "superseded by build new"));
    assertThat(line.orElseThrow().newest()).contains(NEW);

    send(new Event.BuildCancelled(NEW, "enough"));
    assertThat(send(older)).as("it was told once").isEmpty();
    var another =
        new Event.LineAdvanced(new BuildId("late"), "main", Optional.of(Instant.ofEpochSecond(1)));
    assertThat(send(another)).as("though the newer has ended").isPresent();
  }

  @Test
  void theLastAnnouncedIsTheNewestWhereNoTimeIsGivenWhateverTheClocksSay() {
    var fast = new Event.LineAdvanced(OLD, "main", Optional.of(Instant.ofEpochSecond(60)));
    send(fast);

    assertThat(send(new Event.LineAdvanced(NEW, "main")))
        .contains(new Event.BuildCancelRequested(OLD, "superseded by build new"));
    var told = new Event.LineAdvanced(NEW, "main", Optional.of(Instant.ofEpochSecond(1)));
    assertThat(send(told)).as("said once more by a planner").isEmpty();
    assertThat(line.orElseThrow().newest()).contains(NEW);
  }

  @Test
  void whoWasOlderByItsTimeDoesNotBecomeTheNewestByBeingAnnouncedLate() {
    send(new Event.LineAdvanced(NEW, "main"));
    send(new Event.LineAdvanced(NEW, "main", Optional.of(Instant.ofEpochSecond(2))));
    assertThat(send(new Event.LineAdvanced(OLD, "main", Optional.of(Instant.ofEpochSecond(1)))))
        .contains(new Event.BuildCancelRequested(OLD, "superseded by build new"));

    assertThat(send(new Event.LineAdvanced(OLD, "main"))).isEmpty();
    assertThat(line.orElseThrow().newest()).contains(NEW);
  }

  @Test
  void noClockOfAPlannerMakesANewerBuildOlder() {
    line = Optional.of(Lines.decide(line, new Event.LineAdvanced(OLD, "main"), LATER).line());

    assertThat(send(new Event.LineAdvanced(NEW, "main", Optional.of(Instant.ofEpochSecond(1)))))
        .contains(new Event.BuildCancelRequested(OLD, "superseded by build new"));
  }

  @Test
  void aLineOfAnotherTenantIsAnother() {
    assertThat(key("a", "main")).isNotEqualTo(key("b", "main"));
    assertThat(key("a", "bc")).isNotEqualTo(key("ab", "c"));
  }

  private static Optional<String> key(String tenant, String line) {
    return new Scheduling(
            tenant, 0, Optional.of(line), Optional.empty(), Scheduling.DEFAULT_POOL, true)
        .lineKey();
  }

  private Optional<Event.BuildCancelRequested> send(Event event) {
    var decision = Lines.decide(line, event, Instant.EPOCH);
    line = Optional.of(decision.line());
    return decision.superseded();
  }
}
