package dev.birgus.planner.service;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.planner.flow.BuildState;
import dev.birgus.planner.flow.Command;
import dev.birgus.planner.flow.Flow;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One build: its state, and the thread that makes its plan. Events are handled one at a time. */
final class RunningBuild {

  private final BuildId id;
  private final EventBus bus;
  private final DockerfilePlanning planning;
  private final Journal journal;
  private final Consumer<BuildId> whenEnded;
  private final ReentrantLock order = new ReentrantLock();
  private BuildState state = new BuildState.Unknown();
  private volatile @Nullable Thread planner;

  RunningBuild(
      BuildId id,
      EventBus bus,
      DockerfilePlanning planning,
      Journal journal,
      Consumer<BuildId> whenEnded) {
    this.id = id;
    this.bus = bus;
    this.planning = planning;
    this.journal = journal;
    this.whenEnded = whenEnded;
  }

  /** Lets the flow decide, and does what it says. */
  void handle(Event event) {
    order.lock();
    try {
      var decision = Flow.decide(state, event);
      state = decision.state();
      decision.commands().forEach(this::execute);
    } finally {
      order.unlock();
    }
  }

  boolean isEnded() {
    order.lock();
    try {
      return state instanceof BuildState.Ended;
    } finally {
      order.unlock();
    }
  }

  private void execute(Command command) {
    switch (command) {
      case Command.MakePlan(var requested) ->
          planner = Thread.ofVirtual().name("plan-" + id).start(() -> makePlan(requested));
      case Command.StopPlanning _ -> interruptPlanning();
      case Command.RunStage(var ready) ->
          bus.publish(Topic.WORK, ready.stage().id().toString(), ready);
      case Command.StopStages(var cancelled) -> bus.publish(Topic.BUILDS, id.value(), cancelled);
      case Command.PushImage(var requested) ->
          bus.publish(Topic.PUSHES, pushKey(requested), requested);
      case Command.Announce(var event) -> bus.publish(Topic.EVENTS, id.value(), event);
    }
  }

  /** Pushes to one registry go to one pusher, as far as the first destination says. */
  private String pushKey(Event.PushRequested requested) {
    for (var delivery : requested.deliveries()) {
      if (delivery instanceof Delivery.ToRegistry(var reference, _)) {
        return reference.registry();
      }
    }
    return id.value();
  }

  private void makePlan(Event.BuildRequested requested) {
    try {
      handle(new Event.BuildPlanned(id, planning.plan(id, requested.request())));
    } catch (FailureException failed) {
      handle(new Event.BuildFailed(id, failed.failure()));
    } catch (InterruptedException unwanted) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error bug) {
      journal.log(
          Journal.Level.ERROR,
          "planning broke",
          Map.of(LogKeys.BUILD, id.value(), "error", trace(bug)));
      handle(new Event.BuildFailed(id, internalError(bug)));
    }
    if (isEnded()) {
      whenEnded.accept(id);
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
    var text = new java.io.StringWriter();
    bug.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  /** Ends the making of the plan, if it is being made. */
  void stopPlanning() {
    order.lock();
    try {
      state = new BuildState.Ended();
      interruptPlanning();
    } finally {
      order.unlock();
    }
  }

  private void interruptPlanning() {
    var running = planner;
    if (running != null) {
      running.interrupt();
    }
  }

  /** Returns when no plan is being made any more. */
  void awaitPlanning() {
    var running = planner;
    if (running == null) {
      return;
    }
    try {
      running.join();
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
  }
}
