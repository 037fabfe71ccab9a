package dev.birgus.executor.service;

import dev.birgus.infra.contracts.BuildId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The stages that run now, so that they can be ended, and the builds that were cancelled lately.
 */
final class RunningStages {

  /** A cancelled build's stages may still be on their way; not for ever, nor very many. */
  private static final int REMEMBERED = 1_000;

  private final Map<Thread, BuildId> running = new HashMap<>();
  private final Map<BuildId, String> cancelled = new LinkedHashMap<>();
  private boolean closing;

  /**
   * Notes that the thread works for the build.
   *
   * @return false if the build was cancelled, or the node is shutting down: it must not begin
   */
  synchronized boolean begin(BuildId build, Thread thread) {
    if (isEnded(build)) {
      return false;
    }
    running.put(thread, build);
    return true;
  }

  /** The thread is done. It is not interrupted from now on. */
  synchronized void end(Thread thread) {
    running.remove(thread);
  }

  /** Ends the stages of a build, those that run and those to come. */
  synchronized void cancel(BuildId build, String reason) {
    cancelled.put(build, reason);
    if (cancelled.size() > REMEMBERED) {
      cancelled.remove(cancelled.keySet().iterator().next());
    }
    running.forEach((thread, each) -> {
      if (each.equals(build)) {
        thread.interrupt();
      }
    });
  }

  /** Ends all stages. None can begin any more. */
  synchronized void close() {
    closing = true;
    running.keySet().forEach(Thread::interrupt);
  }

  /** Whether the stages of the build are to end. */
  synchronized boolean isEnded(BuildId build) {
    return closing || cancelled.containsKey(build);
  }

  /** Why the stages of a build do not go on. */
  synchronized String reason(BuildId build) {
    return cancelled.getOrDefault(build, "the node is shutting down");
  }
}
