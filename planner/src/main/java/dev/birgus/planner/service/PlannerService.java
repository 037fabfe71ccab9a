package dev.birgus.planner.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.Metrics;
import dev.birgus.infra.service.Service;
import dev.birgus.planner.flow.BuildState;
import dev.birgus.planner.flow.DeskEntry;
import dev.birgus.planner.flow.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * The planner on the bus. It reads requests and results, lets the flow decide for each build, the
 * desk for each pool of nodes and the lines for their builds, and does what they say. Plans are
 * made on a thread per build, so builds do not wait for each other.
 */
public final class PlannerService implements Service {

  private final DockerfilePlanning planning;
  private final Journal journal;
  private final PlannerSettings settings;
  private final Metrics metrics;
  private final List<EventBus.Subscription> subscriptions = new ArrayList<>();

  /** A planner that makes its plans so, with the usual settings. */
  public PlannerService(DockerfilePlanning planning, Journal journal) {
    this(planning, journal, PlannerSettings.DEFAULT);
  }

  /** A planner that makes its plans so, and counts nothing. */
  public PlannerService(DockerfilePlanning planning, Journal journal, PlannerSettings settings) {
    this(planning, journal, settings, Metrics.none());
  }

  /** A planner that makes its plans so. */
  public PlannerService(
      DockerfilePlanning planning, Journal journal, PlannerSettings settings, Metrics metrics) {
    this.planning = requireNonNull(planning, "planning");
    this.journal = requireNonNull(journal, "journal");
    this.settings = requireNonNull(settings, "settings");
    this.metrics = requireNonNull(metrics, "metrics");
  }

  @Override
  public void start(EventBus bus) {
    var gauges = new ShareGauges(metrics);
    var room = new Semaphore(settings.mostPlans(), true);
    subscriptions.add(
        bus.process(
            new Processing<>(
                "builds",
                Set.of(Topic.BUILDS, Topic.RESULTS),
                BuildState.class,
                () ->
                    new BuildProcessor(
                        new PlanMaking(planning, bus, journal, room),
                        settings.flow(),
                        settings.memory(),
                        gauges))));
    subscriptions.add(
        bus.process(
            new Processing<>(
                "stages",
                Set.of(Topic.STAGES),
                DeskEntry.class,
                () -> new DeskProcessor(settings.desk(), gauges))));
    subscriptions.add(
        bus.process(
            new Processing<>(
                "lines",
                Set.of(Topic.LINES),
                Lines.Line.class,
                () -> new LineProcessor(settings.memory()))));
  }

  @Override
  public void close() {
    subscriptions.reversed().forEach(EventBus.Subscription::close);
  }
}
