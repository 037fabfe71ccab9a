package dev.birgus.executor.service;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Event.StageStopRequested;
import dev.birgus.infra.contracts.StageId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The stages that run now, so that they can be ended, and those that were stopped lately: a stop
 * may come before the stage it is meant for.
 */
final class RunningStages {

  /** What was stopped may still be on its way; not for ever, nor very many. */
  private static final int REMEMBERED = 1_000;

  private final Map<Thread, StageReady> running = new HashMap<>();
  private final Map<Attempt, String> stopped = new LinkedHashMap<>();
  private boolean closing;

  private record Attempt(BuildId build, StageId stage, int number) {
    static Attempt of(StageReady job) {
      return new Attempt(job.build(), job.stage().id(), job.attempt());
    }
  }

  /**
   * Notes that the thread works for the stage.
   *
   * @return false if it is not wanted any more, or the node is shutting down: it must not begin
   */
  synchronized boolean begin(StageReady job, Thread thread) {
    if (closing || reason(job).isPresent()) {
      return false;
    }
    running.put(thread, job);
    return true;
  }

  /** The thread is done. It is not interrupted from now on. */
  synchronized void end(Thread thread) {
    running.remove(thread);
    notifyAll();
  }

  /** Returns when none runs any more. */
  synchronized void awaitNone() {
    var interrupted = false;
    while (!running.isEmpty()) {
      try {
        wait();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The stages that run, with their attempts. */
  synchronized Map<StageId, Integer> attempts() {
    var attempts = new HashMap<StageId, Integer>();
    running.values().forEach(job -> attempts.merge(job.stage().id(), job.attempt(), Math::max));
    return attempts;
  }

  /** Ends one attempt at a stage, if it runs or when it comes. */
  synchronized void stop(StageStopRequested stop) {
    stopped.put(new Attempt(stop.build(), stop.stage(), stop.attempt()), stop.reason());
    if (stopped.size() > REMEMBERED) {
      stopped.remove(stopped.keySet().iterator().next());
    }
    interruptUnwanted();
  }

  private void interruptUnwanted() {
    running.forEach((thread, job) -> {
      if (reason(job).isPresent()) {
        thread.interrupt();
      }
    });
  }

  /** Ends all stages. None can begin any more. */
  synchronized void close() {
    closing = true;
    running.keySet().forEach(Thread::interrupt);
  }

  /** Whether the node is shutting down, and what runs ends for no other reason. */
  synchronized boolean isClosing() {
    return closing;
  }

  /** Why a stage is not wanted any more, if it is not. */
  synchronized Optional<String> reason(StageReady job) {
    return Optional.ofNullable(stopped.get(Attempt.of(job)));
  }
}
