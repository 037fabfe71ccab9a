package dev.birgus.infra.bus;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.util.Optional;

/** Why nothing came of an event, for who waits for it. */
public final class Undone {

  private Undone() {}

  /** What it is for people that this was thrown when the event was handled. */
  public static Failure why(Optional<Event> event, Throwable thrown) {
    if (thrown instanceof FailureException failed) {
      return failed.failure();
    }
    var what = event.map(each -> each.getClass().getSimpleName()).orElse("tick");
    return Failure.of(
        "internal-error",
        "the pipeline broke at an event (" + what + "): " + thrown,
        "this is a bug: please report it with the log of the planner");
  }
}
