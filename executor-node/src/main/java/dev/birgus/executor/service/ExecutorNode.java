package dev.birgus.executor.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.stage.StageExecutor;
import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Job;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.NodeReported;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Event.StageStopRequested;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Scheduling;
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
import java.util.Optional;

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
  private Optional<NodeReports> reports = Optional.empty();

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
    subscriptions.add(bus.follow(Topic.CONTROL, "executor-" + name, this::stop));
    var told =
        new NodeReports(
            bus, () -> new NodeReported(name, Scheduling.DEFAULT_POOL, slots, running.attempts()));
    reports = Optional.of(told);
    told.start();
    subscriptions.add(
        bus.work(Topic.WORK, Scheduling.DEFAULT_POOL, WORKERS, slots, job -> work(bus, job)));
  }

  /** Of a cancelled build nothing is heard here: its stages may be wanted by others. */
  private void stop(Event event) {
    if (event instanceof StageStopRequested stopped) {
      running.stop(stopped);
    }
  }

  private void work(EventBus bus, Job taken) {
    if (taken.event() instanceof StageReady job) {
      var events = new StageEvents(bus, Scheduling.DEFAULT_POOL, job, clock);
      // System calls and waiting for processes hold a thread, so it is one of the platform's.
      var thread =
          Thread.ofPlatform()
              .name("birgus-stage-" + job.stage().name())
              .unstarted(() -> execute(job, taken.delivery(), events));
      thread.start();
      OwnThread.await(thread);
    }
  }

  private void execute(StageReady job, int delivery, StageEvents events) {
    var thread = Thread.currentThread();
    if (!running.begin(job, thread)) {
      events.failed(cancelled(job));
      return;
    }
    Runnable outcome;
    try {
      reports.ifPresent(NodeReports::changed);
      events.started(name, delivery);
      var result = executor.execute(job, events);
      outcome = () -> events.finished(result);
    } catch (InterruptedException ended) {
      outcome = () -> events.failed(cancelled(job));
    } catch (IOException | RuntimeException | Error thrown) {
      // What an interrupted system call or transfer throws is not what went wrong.
      var failure =
          running.isClosing() || running.reason(job).isPresent()
              ? cancelled(job)
              : failure(job, thrown);
      outcome = () -> events.failed(failure);
    } finally {
      running.end(thread);
      reports.ifPresent(NodeReports::changed);
    }
    // An interrupt that came too late must not stop the last event from being published.
    Thread.interrupted();
    outcome.run();
  }

  private Failure cancelled(StageReady job) {
    return Failure.of(
        "cancelled", "cancelled: " + running.reason(job).orElse("the node is shutting down"), "");
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
    reports.ifPresent(NodeReports::close);
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
