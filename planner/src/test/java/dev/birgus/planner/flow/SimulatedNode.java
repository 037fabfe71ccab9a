package dev.birgus.planner.flow;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** An executor node of a {@link PipelineSimulation}. */
final class SimulatedNode {

  private final String name;
  private final int slots;
  private final List<Job> running = new ArrayList<>();
  private final Deque<Event.StageStopRequested> control = new ArrayDeque<>();
  private final Set<Event.StageStopRequested> stopped = new HashSet<>();
  private boolean alive = true;

  SimulatedNode(String name, int slots) {
    this.name = name;
    this.slots = slots;
  }

  /** A job as a node gets it. */
  record Job(Event.StageReady ready, int delivery) {

    Event finished(StageResult result) {
      return new Event.StageFinished(ready.build(), ready.stage().id(), ready.attempt(), result);
    }

    Event failed(Failure failure) {
      return new Event.StageFailed(ready.build(), ready.stage().id(), ready.attempt(), failure);
    }

    Event handedBack(String node) {
      return new Event.StageHandedBack(
          ready.build(), ready.stage().id(), ready.attempt(), node, "leaving");
    }

    Event leaseLost(String node) {
      return new Event.StageLeaseLost(
          ready.build(), ready.stage().id(), ready.attempt(), node, delivery);
    }

    boolean isMeant(Event.StageStopRequested stop) {
      return ready.build().equals(stop.build())
          && ready.stage().id().equals(stop.stage())
          && ready.attempt() == stop.attempt();
    }
  }

  String name() {
    return name;
  }

  boolean isAlive() {
    return alive;
  }

  boolean hasRoom() {
    return alive && running.size() < slots;
  }

  List<Job> running() {
    return running;
  }

  Event report() {
    var attempts = new HashMap<StageId, Integer>();
    running.forEach(
        job -> attempts.merge(job.ready().stage().id(), job.ready().attempt(), Math::max));
    return new Event.NodeReported(name, Scheduling.DEFAULT_POOL, slots, attempts);
  }

  void revive() {
    alive = true;
  }

  /** Dies, and says what it was running. */
  List<Job> die() {
    alive = false;
    var left = List.copyOf(running);
    running.clear();
    control.clear();
    stopped.clear();
    return left;
  }

  void tell(Event.StageStopRequested stop) {
    control.add(stop);
  }

  boolean hasStopped(Job job) {
    return stopped.stream().anyMatch(job::isMeant);
  }

  /** Hears what it was told, and says which jobs it has ended because of it. */
  List<Job> hear() {
    var ended = new ArrayList<Job>();
    while (alive && !control.isEmpty()) {
      var stop = control.remove();
      stopped.add(stop);
      running.stream().filter(job -> job.isMeant(stop)).forEach(ended::add);
      running.removeIf(job -> job.isMeant(stop));
    }
    return ended;
  }
}
