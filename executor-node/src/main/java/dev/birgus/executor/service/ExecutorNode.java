package dev.birgus.executor.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.stage.StageExecutor;
import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.service.OwnThread;
import dev.birgus.infra.service.Service;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes stages off the work queue, runs them and publishes what becomes of them. */
public final class ExecutorNode implements Service {

  private static final String WORKERS = "executors";

  private final String name;
  private final int slots;
  private final StageExecutor executor;
  private final InstantSource clock;
  private final Journal journal;
  private final AutoCloseable resources;
  private final RunningStages running = new RunningStages();
  private final List<EventBus.Subscription> subscriptions = new ArrayList<>();

  /**
   * A node. {@link ExecutorComposition} makes the one of a real machine.
   *
   * @param name unique among the nodes of a cluster
   * @param slots how many stages run at once
   * @param resources closed when no stage runs any more
   */
  ExecutorNode(
      String name,
      int slots,
      StageExecutor executor,
      InstantSource clock,
      Journal journal,
      AutoCloseable resources) {
    this.name = requireNonNull(name, "name");
    this.slots = slots;
    this.executor = requireNonNull(executor, "executor");
    this.clock = requireNonNull(clock, "clock");
    this.journal = requireNonNull(journal, "journal");
    this.resources = requireNonNull(resources, "resources");
  }

  @Override
  public void start(EventBus bus) {
    subscriptions.add(bus.subscribe(Topic.BUILDS, "executor-" + name, this::cancel));
    subscriptions.add(bus.work(Topic.WORK, WORKERS, slots, event -> work(bus, event)));
  }

  private void cancel(Event event) {
    if (event instanceof BuildCancelRequested(var build, var reason)) {
      running.cancel(build, reason);
    }
  }

  private void work(EventBus bus, Event event) {
    if (event instanceof StageReady job) {
      var events = new StageEvents(bus, job, clock);
      // System calls and waiting for processes hold a thread, so it is one of the platform's.
      var thread =
          Thread.ofPlatform()
              .name("birgus-stage-" + job.stage().name())
              .unstarted(() -> execute(job, events));
      thread.start();
      OwnThread.await(thread);
    }
  }

  private void execute(StageReady job, StageEvents events) {
    var thread = Thread.currentThread();
    if (!running.begin(job.build(), thread)) {
      events.failed(cancelled(job));
      return;
    }
    Runnable outcome;
    try {
      events.started(name, executor.isolation(job));
      var result = executor.execute(job, events);
      outcome = () -> events.finished(result);
    } catch (InterruptedException ended) {
      outcome = () -> events.failed(cancelled(job));
    } catch (IOException | RuntimeException | Error thrown) {
      // What an interrupted system call or transfer throws is not what went wrong.
      var failure = running.isEnded(job.build()) ? cancelled(job) : failure(job, thrown);
      outcome = () -> events.failed(failure);
    } finally {
      running.end(thread);
    }
    // An interrupt that came too late must not stop the last event from being published.
    Thread.interrupted();
    outcome.run();
  }

  private Failure cancelled(StageReady job) {
    return Failure.of("cancelled", "cancelled: " + running.reason(job.build()), "");
  }

  private Failure failure(StageReady job, Throwable thrown) {
    var stage = job.stage().name();
    return StageFailures.of(stage, thrown)
        .orElseGet(() -> {
          journal.log(
              Journal.Level.ERROR,
              "a stage ended with a bug of birgus",
              Map.of(
                  LogKeys.BUILD,
                  job.build().value(),
                  LogKeys.STAGE,
                  stage,
                  "error",
                  stackTrace(thrown)));
          return Failure.of(
              "internal-error", "stage " + stage + ": " + thrown, "report this as a bug");
        });
  }

  private static String stackTrace(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** Ends running stages, waits for them and removes what they left. */
  @Override
  public void close() {
    running.close();
    subscriptions.forEach(EventBus.Subscription::close);
    try {
      resources.close();
    } catch (Exception failed) {
      journal.log(
          Journal.Level.WARN,
          "the work folder could not be removed",
          Map.of("error", String.valueOf(failed.getMessage())));
    }
  }
}
