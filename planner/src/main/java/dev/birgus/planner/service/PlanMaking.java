package dev.birgus.planner.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The plans that are being made, each on a thread of its own. What comes of one is an event like
 * any other: {@code BuildPlanned} or {@code BuildFailed}.
 */
final class PlanMaking implements AutoCloseable {

  private final DockerfilePlanning planning;
  private final EventBus bus;
  private final Journal journal;
  private final Map<BuildId, Making> running = new ConcurrentHashMap<>();

  /** A plan in the making. */
  private static final class Making {
    private final Thread thread;
    private volatile boolean stopped;

    Making(Runnable work, BuildId build) {
      thread = Thread.ofVirtual().name("plan-" + build).unstarted(work);
    }

    void stop() {
      stopped = true;
      thread.interrupt();
    }
  }

  PlanMaking(DockerfilePlanning planning, EventBus bus, Journal journal) {
    this.planning = planning;
    this.bus = bus;
    this.journal = journal;
  }

  /** Begins with a plan, if it is not being made already. */
  void begin(BuildId build, BuildRequest request) {
    var made = new Making(() -> make(build, request), build);
    if (running.putIfAbsent(build, made) == null) {
      made.thread.start();
    }
  }

  private void make(BuildId build, BuildRequest request) {
    try {
      var outcome = outcome(build, request);
      // What a plan that was stopped came to is nobody's business: another planner may make it.
      if (!requireNonNull(running.get(build)).stopped) {
        bus.publish(Topic.RESULTS, build.value(), outcome);
      }
    } catch (InterruptedException unwanted) {
      Thread.currentThread().interrupt();
    } finally {
      running.remove(build);
    }
  }

  private Event outcome(BuildId build, BuildRequest request) throws InterruptedException {
    try {
      return new Event.BuildPlanned(build, planning.plan(build, request));
    } catch (FailureException failed) {
      return new Event.BuildFailed(build, failed.failure());
    } catch (RuntimeException | Error bug) {
      journal.log(
          Journal.Level.ERROR,
          "planning broke",
          Map.of(LogKeys.BUILD, build.value(), LogKeys.ERROR, trace(bug)));
      return new Event.BuildFailed(build, internalError(bug));
    }
  }

  private static Failure internalError(Throwable bug) {
    return Failure.of(
        "internal-error",
        "the planner broke: " + bug,
        "this is a bug: please report it with the Dockerfile and the output of"
            + " --verbosity debug");
  }

  private static String trace(Throwable bug) {
    var text = new StringWriter();
    bug.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** Ends the making of a plan, if it is being made: nobody waits for it. */
  void stop(BuildId build) {
    var made = running.get(build);
    if (made != null) {
      made.stop();
    }
  }

  /** Ends the making of all plans. Returns when none is being made any more. */
  @Override
  public void close() {
    var making = List.copyOf(running.values());
    making.forEach(Making::stop);
    for (var made : making) {
      try {
        made.thread.join();
      } catch (InterruptedException impatient) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
