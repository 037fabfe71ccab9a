package dev.birgus.infra.registry;

import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Repeats what failed for a passing reason: four attempts and those the user added, with pauses
 * that double and differ by chance. Where nobody has ever answered only the added attempts are
 * made, so that a wrong host name is told at once.
 */
final class RetryPolicy {

  private static final int ATTEMPTS = 4;

  private final String registry;
  private final int added;
  private final RegistrySettings.Patience patience;
  private final Journal journal;

  RetryPolicy(String registry, int added, RegistrySettings.Patience patience, Journal journal) {
    this.registry = registry;
    this.added = added;
    this.patience = patience;
    this.journal = journal;
  }

  /** Something that can be begun again from the start. */
  interface Attempt<T> {
    T run() throws IOException;
  }

  <T> T run(Attempt<T> attempt) throws IOException {
    for (var number = 1; true; number++) {
      try {
        return attempt.run();
      } catch (TransientFailure failure) {
        pauseAfter(number, failure);
      }
    }
  }

  /** Waits before the next attempt, or throws if there is none. */
  void pauseAfter(int attempt, TransientFailure failure) throws IOException {
    if (attempt >= (failure.connected() ? ATTEMPTS + added : 1 + added)) {
      throw failure.last();
    }
    var context = new LinkedHashMap<String, String>();
    context.put(LogKeys.REGISTRY, registry);
    context.put(LogKeys.ATTEMPT, Integer.toString(attempt));
    context.put(LogKeys.ERROR, String.valueOf(failure.getMessage()));
    journal.log(Journal.Level.WARN, "a registry request failed and is tried again", context);
    try {
      Thread.sleep(pause(attempt, failure));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + registry);
    }
  }

  private Duration pause(int attempt, TransientFailure failure) {
    var longest = patience.longestPause().toMillis();
    if (failure.retryAfter().isPresent()) {
      var asked = Math.min(failure.retryAfter().get().toMillis(), longest);
      // Those who were all sent away at once should not all come back at once.
      return Duration.ofMillis(asked + ThreadLocalRandom.current().nextLong(asked / 10 + 1));
    }
    var full = Math.min(patience.firstPause().toMillis() << Math.min(attempt - 1, 16), longest);
    return Duration.ofMillis(full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1));
  }
}
