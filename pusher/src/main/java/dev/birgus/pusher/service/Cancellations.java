package dev.birgus.pusher.service;

import dev.birgus.infra.contracts.BuildId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Which builds are wanted no more. A cancellation may come before the push it is meant for, so the
 * last ones are remembered; once a push moves tags it is too late for it.
 */
final class Cancellations {

  private static final int REMEMBERED = 10_000;

  /** The ends of some days, on a server with much to do. */
  private static final int ENDS = 200_000;

  private final SequencedMap<BuildId, String> reasons = new LinkedHashMap<>();
  private final SequencedSet<BuildId> over = new LinkedHashSet<>();
  private final Map<BuildId, Set<Thread>> running = new LinkedHashMap<>();
  private final Set<Thread> tagging = new LinkedHashSet<>();
  private boolean stopping;

  /** Interrupts the pushes of the build, those running and those to come. */
  synchronized void cancel(BuildId build, String reason) {
    reasons.putIfAbsent(build, reason);
    if (reasons.size() > REMEMBERED) {
      reasons.pollFirstEntry();
    }
    running.getOrDefault(build, Set.of()).forEach(Thread::interrupt);
  }

  /**
   * The build has ended, so that there is nothing left to push: a tag that another pusher has moved
   * for it may belong to a newer build by now.
   */
  synchronized void over(BuildId build) {
    over.add(build);
    if (over.size() > ENDS) {
      over.removeFirst();
    }
    running.getOrDefault(build, Set.of()).forEach(Thread::interrupt);
  }

  /** Whether the build has ended. */
  synchronized boolean isOver(BuildId build) {
    return over.contains(build);
  }

  /** Interrupts every push, those running and those to come. */
  synchronized void cancelAll() {
    stopping = true;
    running.values().forEach(threads -> threads.forEach(Thread::interrupt));
    tagging.forEach(Thread::interrupt);
  }

  /** The thread begins to push; it is interrupted at once if the build is cancelled already. */
  synchronized void begin(BuildId build, Thread thread) {
    running.computeIfAbsent(build, _ -> new LinkedHashSet<>()).add(thread);
    if (stopping || over.contains(build) || reasons.containsKey(build)) {
      thread.interrupt();
    }
  }

  /**
   * The thread goes on with a push that has moved a tag already; only the end of the pusher ends
   * it.
   */
  synchronized void beginTagging(Thread thread) {
    tagging.add(thread);
    if (stopping) {
      thread.interrupt();
    }
  }

  /**
   * The thread is about to move a tag: from here on a cancellation of its build comes too late.
   * False if there was one before.
   */
  synchronized boolean tag(BuildId build, Thread thread) {
    if (over.contains(build)) {
      return false;
    }
    if (tagging.contains(thread)) {
      return true;
    }
    if (reasons.containsKey(build)) {
      return false;
    }
    remove(build, thread);
    tagging.add(thread);
    return true;
  }

  /** The thread pushes no more and is not interrupted from here on. */
  synchronized void end(BuildId build, Thread thread) {
    tagging.remove(thread);
    remove(build, thread);
  }

  private void remove(BuildId build, Thread thread) {
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
    return Optional.ofNullable(reasons.get(build))
        .or(() -> over.contains(build) ? Optional.of("the build has ended") : Optional.empty());
  }
}
