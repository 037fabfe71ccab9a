package dev.birgus.planner.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.service.Service;
import dev.birgus.planner.flow.BuildState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The planner on the bus. It reads requests and results, lets the flow decide for each build, and
 * does what the flow says. Plans are made on a thread per build, so builds do not wait for each
 * other.
 */
public final class PlannerService implements Service {

  private final DockerfilePlanning planning;
  private final Journal journal;
  private final List<EventBus.Subscription> subscriptions = new ArrayList<>();

  /** A planner that makes its plans so. */
  public PlannerService(DockerfilePlanning planning, Journal journal) {
    this.planning = requireNonNull(planning, "planning");
    this.journal = requireNonNull(journal, "journal");
  }

  @Override
  public void start(EventBus bus) {
    subscriptions.add(
        bus.process(
            new Processing<>(
                "builds",
                Set.of(Topic.BUILDS, Topic.RESULTS),
                BuildState.class,
                () -> new BuildProcessor(new PlanMaking(planning, bus, journal)))));
  }

  @Override
  public void close() {
    subscriptions.reversed().forEach(EventBus.Subscription::close);
  }
}
