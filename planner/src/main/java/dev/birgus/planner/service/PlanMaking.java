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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * The plans that are being made, each on a thread of its own, so many at once as the process has
 * room for. What comes of one is an event like any other: {@code BuildPlanned} or {@code
 * BuildFailed}. While the bus does not take it, it is offered again: nobody else knows of it.
 */
final class PlanMaking implements AutoCloseable {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final DockerfilePlanning planning;
  private final EventBus bus;
  private final Journal journal;
  private final Semaphore room;
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

  /**
   * Plans.
   *
   * @param room for those that are made at once in this process, by whomever
   */
  PlanMaking(DockerfilePlanning planning, EventBus bus, Journal journal, Semaphore room) {
    this.planning = planning;
    this.bus = bus;
    this.journal = journal;
    this.room = room;
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
      publish(build, planned(build, request));
    } catch (InterruptedException unwanted) {
      Thread.currentThread().interrupt();
    } finally {
      running.remove(build);
    }
  }

  private Event planned(BuildId build, BuildRequest request) throws InterruptedException {
    room.acquire();
    try {
      return outcome(build, request);
    } finally {
      room.release();
    }
  }

  /**
   * Publishes what came of a plan, unless it was stopped: then it is nobody's business, for another
   * planner may make it.
   */
  private void publish(BuildId build, Event outcome) throws InterruptedException {
    var making = requireNonNull(running.get(build));
    var pause = FIRST_PAUSE;
    while (!making.stopped) {
      try {
        bus.publish(Topic.RESULTS, build.value(), outcome);
        return;
      } catch (FailureException refused) {
        if (refused.failure().name().equals(Failure.EVENT_TOO_LARGE)) {
          publish(build, new Event.BuildFailed(build, tooLarge()));
          return;
        }
        unpublished(build, refused.failure());
      }
      Thread.sleep(pause);
      pause = longer(pause);
    }
  }

  private static Duration longer(Duration pause) {
    var twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  private void unpublished(BuildId build, Failure why) {
    journal.log(
        Journal.Level.WARN,
        "what came of a plan cannot be published, and will be offered again",
        Map.of(LogKeys.BUILD, build.value(), LogKeys.ERROR, why.message()));
  }

  private static Failure tooLarge() {
    return Failure.of(
        "plan-too-large",
        "the plan of the build is larger than an event may be",
        "shorten the Dockerfile's longest texts, or build less in one Dockerfile");
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
