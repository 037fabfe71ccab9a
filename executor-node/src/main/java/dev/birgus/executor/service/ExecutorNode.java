package dev.birgus.executor.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.stage.StageExecutor;
import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Job;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Event.StageStopRequested;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.service.OwnThread;
import dev.birgus.infra.service.Service;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Takes stages off the work queue, runs them and publishes what becomes of them. */
public final class ExecutorNode implements Service {

  /** How long a node that leaves waits for a bus that may be gone; its stages have ended then. */
  private static final Duration FAREWELL = Duration.ofSeconds(20);

  private final Identity identity;
  private final StageExecutor executor;
  private final InstantSource clock;
  private final Journal journal;
  private final Premises premises;
  private final RunningStages running = new RunningStages();
  private Optional<EventBus.Subscription> control = Optional.empty();
  private volatile Optional<NodeAttendance> attendance = Optional.empty();

  /**
   * Who a node is.
   *
   * @param name unique among the nodes of a cluster
   * @param slots how many stages run at once
   */
  record Identity(String name, int slots, NodeMembership membership) {
    Identity {
      requireNonNull(name, "name");
      requireNonNull(membership, "membership");
    }
  }

  /** What a node has on its machine. Closed when no stage runs any more. */
  interface Premises extends AutoCloseable {
    /** Looks whether stages can be run. */
    NodeHealth health();

    /** Removes what processes left that are dead. */
    void sweep() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** A node. {@link ExecutorComposition} makes the one of a real machine. */
  ExecutorNode(
      Identity identity,
      StageExecutor executor,
      InstantSource clock,
      Journal journal,
      Premises premises) {
    this.identity = requireNonNull(identity, "identity");
    this.executor = requireNonNull(executor, "executor");
    this.clock = requireNonNull(clock, "clock");
    this.journal = requireNonNull(journal, "journal");
    this.premises = requireNonNull(premises, "premises");
  }

  @Override
  public void start(EventBus bus) {
    control = Optional.of(bus.follow(Topic.CONTROL, "executor-" + identity.name(), this::stop));
    var staff =
        new NodeAttendance.Staff(
            identity.name(), identity.membership(), identity.slots(), job -> work(bus, job));
    var attending = new NodeAttendance(bus, staff, premises.health(), running, journal);
    attendance = Optional.of(attending);
    attending.start();
  }

  @Override
  public Optional<String> trouble() {
    return attendance.flatMap(NodeAttendance::lastTrouble);
  }

  /** Of a cancelled build nothing is heard here: its stages may be wanted by others. */
  private void stop(Event event) {
    if (event instanceof StageStopRequested stopped) {
      running.stop(stopped);
    }
  }

  private void work(EventBus bus, Job taken) {
    if (taken.event() instanceof StageReady job) {
      if (taken.delivery() > 1) {
        sweep(job);
      }
      var events = new StageEvents(bus, job, identity.membership(), clock);
      var node =
          new StageJob.Node(
              identity.name(),
              identity.membership(),
              executor,
              running,
              attendance.orElseThrow(),
              journal);
      // System calls and waiting for processes hold a thread, so it is one of the platform's.
      OwnThread.run(
          Thread.ofPlatform().name("birgus-stage-" + job.stage().name()),
          new StageJob(taken, job, events, node)::run);
    }
  }

  /** Whoever had the job before may have died on this machine. */
  private void sweep(StageReady job) {
    try {
      premises.sweep();
    } catch (IOException failed) {
      journal.log(
          Journal.Level.WARN,
          "what dead processes left could not be removed",
          Map.of(
              LogKeys.STAGE,
              job.stage().name(),
              LogKeys.ERROR,
              String.valueOf(failed.getMessage())));
    }
  }

  private static void awaitFarewell(Thread ending) {
    try {
      ending.join(FAREWELL);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void drain(Duration grace) throws InterruptedException {
    if (attendance.isEmpty()) {
      return;
    }
    var ending = attendance.get().leave();
    if (ending.isPresent() && !ending.get().join(grace)) {
      running.close();
      ending.get().join(FAREWELL);
    }
  }

  /** Ends running stages, waits for them and removes what they left. */
  @Override
  public void close() {
    running.close();
    attendance.ifPresent(attending -> {
      var ending = attending.leave();
      running.awaitNone();
      ending.ifPresent(ExecutorNode::awaitFarewell);
      attending.end();
    });
    control.ifPresent(EventBus.Subscription::close);
    try {
      premises.close();
    } catch (IOException failed) {
      journal.log(
          Journal.Level.WARN,
          "the work folder could not be removed",
          Map.of(LogKeys.ERROR, String.valueOf(failed.getMessage())));
    }
  }
}
