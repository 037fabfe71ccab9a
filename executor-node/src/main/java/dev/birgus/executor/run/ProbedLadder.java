package dev.birgus.executor.run;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.run.LadderReport.Attempt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tries rungs when somebody first wants to know, once for the life of a node. */
final class ProbedLadder implements IsolationLadder {

  private final RungProbe probe;
  private final Optional<Rung> forced;
  private final Consumer<LadderReport> told;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable LadderReport report;

  /**
   * A ladder nothing of which has been tried.
   *
   * @param forced the only rung that is tried; empty for all from the top down
   * @param told is given the report when it is made
   */
  ProbedLadder(RungProbe probe, Optional<Rung> forced, Consumer<LadderReport> told) {
    this.probe = requireNonNull(probe, "probe");
    this.forced = requireNonNull(forced, "forced");
    this.told = requireNonNull(told, "told");
  }

  @Override
  public LadderReport report() throws InterruptedException {
    turn.lockInterruptibly();
    try {
      var made = report;
      if (made == null) {
        made = climbDown(forced.map(List::of).orElse(Rung.automatic()), false);
        report = made;
        told.accept(made);
      }
      return made;
    } finally {
      turn.unlock();
    }
  }

  @Override
  public LadderReport survey() throws InterruptedException {
    return climbDown(Rung.automatic(), true);
  }

  private LadderReport climbDown(List<Rung> rungs, boolean all) throws InterruptedException {
    var attempts = new ArrayList<Attempt>();
    Optional<Rung> chosen = Optional.empty();
    for (var rung : rungs) {
      if (chosen.isPresent() && !all) {
        break;
      }
      var attempt = probe.attempt(rung);
      attempts.add(attempt);
      if (chosen.isEmpty() && attempt.works()) {
        chosen = Optional.of(rung);
      }
    }
    return new LadderReport(chosen, attempts);
  }
}
