package dev.birgus.executor.run;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What trying the rungs of the isolation ladder on this machine came to.
 *
 * @param chosen the one commands are run on; empty if none works
 * @param attempts the rungs that were tried, in the order they were; those below the chosen one
 *     were not
 */
public record LadderReport(Optional<Rung> chosen, List<Attempt> attempts) {

  public LadderReport {
    requireNonNull(chosen, "chosen");
    attempts = List.copyOf(attempts);
  }

  /**
   * One rung, tried by running a command on it.
   *
   * @param reason why it does not work: what was attempted and what the kernel said; empty if it
   *     works
   * @param elapsed how long trying took
   * @param advice what to change, in a pod's specification say, so that it works; empty if it works
   *     or nothing sensible can be said
   */
  public record Attempt(Rung rung, Optional<String> reason, Duration elapsed, String advice) {
    public Attempt {
      requireNonNull(rung, "rung");
      requireNonNull(reason, "reason");
      requireNonNull(elapsed, "elapsed");
      requireNonNull(advice, "advice");
    }

    /** Whether a command ran on it. */
    public boolean works() {
      return reason.isEmpty();
    }
  }
}
