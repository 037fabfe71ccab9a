package dev.birgus.planner.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.service.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The planner on the bus. It reads requests and results, lets the flow decide for each build, and
 * does what the flow says. Plans are made on a thread per build, so builds do not wait for each
 * other.
 */
public final class PlannerService implements Service {

  /** How many ended builds are remembered, so that a request delivered again starts nothing. */
  private static final int REMEMBERED = 4096;

  private static final String GROUP = "planner";

  private final DockerfilePlanning planning;
  private final Journal journal;
  private final List<EventBus.Subscription> subscriptions = new ArrayList<>();
  private final Map<BuildId, RunningBuild> builds = new HashMap<>();
  private final LinkedHashSet<BuildId> ended = new LinkedHashSet<>();
  private boolean closed;

  /** A planner that makes its plans so. */
  public PlannerService(DockerfilePlanning planning, Journal journal) {
    this.planning = requireNonNull(planning, "planning");
    this.journal = requireNonNull(journal, "journal");
  }

  @Override
  public void start(EventBus bus) {
    subscriptions.add(bus.subscribe(Topic.RESULTS, GROUP, event -> handle(bus, event)));
    subscriptions.add(bus.subscribe(Topic.BUILDS, GROUP, event -> handle(bus, event)));
  }

  private void handle(EventBus bus, Event event) {
    buildOf(bus, event)
        .ifPresent(build -> {
          build.handle(event);
          if (build.isEnded()) {
            forget(event.build());
          }
        });
  }

  private synchronized Optional<RunningBuild> buildOf(EventBus bus, Event event) {
    var known = builds.get(event.build());
    if (known == null
        && !closed
        && event instanceof Event.BuildRequested
        && !ended.contains(event.build())) {
      known = new RunningBuild(event.build(), bus, planning, journal, this::forget);
      builds.put(event.build(), known);
    }
    return Optional.ofNullable(known);
  }

  private synchronized void forget(BuildId build) {
    if (builds.remove(build) != null) {
      ended.add(build);
      if (ended.size() > REMEMBERED) {
        ended.removeFirst();
      }
    }
  }

  @Override
  public void close() {
    List<RunningBuild> running;
    synchronized (this) {
      closed = true;
      running = new ArrayList<>(new HashSet<>(builds.values()));
    }
    subscriptions.reversed().forEach(EventBus.Subscription::close);
    running.forEach(RunningBuild::stopPlanning);
    running.forEach(RunningBuild::awaitPlanning);
  }
}
