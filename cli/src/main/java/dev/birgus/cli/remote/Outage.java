package dev.birgus.cli.remote;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/**
 * The time a server is away while it is followed: tells of its beginning and its end, says how long
 * to wait before it is tried again, and gives up when it has been away for too long.
 */
final class Outage {

  /** How long a server may be away. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Journal journal;
  private final Function<IOException, FailureException> givingUp;
  private boolean away;
  private long since;
  private Duration pause = FIRST_PAUSE;

  /**
   * No outage yet.
   *
   * @param givingUp what is thrown when it has been long enough
   */
  Outage(Journal journal, Function<IOException, FailureException> givingUp) {
    this.journal = journal;
    this.givingUp = givingUp;
  }

  /** The connection is lost, or could not be made again. */
  void begin(IOException lost) {
    if (!away) {
      away = true;
      since = System.nanoTime();
      pause = FIRST_PAUSE;
      journal.log(
          Journal.Level.WARN,
          "the connection to the server is lost; trying again for "
              + PATIENCE.toMinutes()
              + " minutes",
          Map.of(LogKeys.ERROR, reason(lost)));
    } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
      throw givingUp.apply(lost);
    }
  }

  private static String reason(IOException lost) {
    return lost.getMessage() == null ? lost.getClass().getSimpleName() : lost.getMessage();
  }

  /** Waits, each time for longer. */
  void pause() throws InterruptedException {
    Thread.sleep(pause);
    var next = pause.multipliedBy(2);
    pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
  }

  /** Something was heard. */
  void end() {
    if (away) {
      away = false;
      journal.log(Journal.Level.INFO, "the server is back; going on where it was", Map.of());
    }
  }
}
