package dev.birgus.pusher.service;

import dev.birgus.infra.contracts.BuildId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Which builds are wanted no more. A cancellation may come before the push it is meant for, so the
 * last ones are remembered.
 */
final class Cancellations {

  private static final int REMEMBERED = 10_000;

  private final SequencedMap<BuildId, String> reasons = new LinkedHashMap<>();
  private final Map<BuildId, Set<Thread>> running = new LinkedHashMap<>();
  private boolean stopping;

  /** Interrupts the pushes of the build, those running and those to come. */
  synchronized void cancel(BuildId build, String reason) {
    reasons.putIfAbsent(build, reason);
    if (reasons.size() > REMEMBERED) {
      reasons.pollFirstEntry();
    }
    running.getOrDefault(build, Set.of()).forEach(Thread::interrupt);
  }

  /** Interrupts every push, those running and those to come. */
  synchronized void cancelAll() {
    stopping = true;
    running.values().forEach(threads -> threads.forEach(Thread::interrupt));
  }

  /** The thread begins to push; it is interrupted at once if the build is cancelled already. */
  synchronized void begin(BuildId build, Thread thread) {
    running.computeIfAbsent(build, _ -> new LinkedHashSet<>()).add(thread);
    if (stopping || reasons.containsKey(build)) {
      thread.interrupt();
    }
  }

  /** The thread pushes no more and is not interrupted from here on. */
  synchronized void end(BuildId build, Thread thread) {
    running.computeIfPresent(
        build,
        (_, threads) -> {
          threads.remove(thread);
          return threads.isEmpty() ? null : threads;
        });
  }

  /** Whether every push is to end, whatever its build. */
  synchronized boolean isStopping() {
    return stopping;
  }

  /** Why the build was cancelled, if it was. */
  synchronized Optional<String> reason(BuildId build) {
    return Optional.ofNullable(reasons.get(build));
  }
}
