package dev.birgus.planner.service;

import dev.birgus.infra.bus.Processor;
import dev.birgus.infra.bus.Transaction;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.planner.flow.BuildState;
import dev.birgus.planner.flow.Command;
import dev.birgus.planner.flow.Decision;
import dev.birgus.planner.flow.Flow;
import dev.birgus.planner.flow.FlowSettings;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The builds of one share: lets the flow decide, and does what it says. */
final class BuildProcessor implements Processor<BuildState> {

  /** How many builds a tick looks at. */
  private static final int AT_ONCE = 1_000;

  private final PlanMaking plans;
  private final FlowSettings settings;
  private final Duration memory;
  private final ShareGauges gauges;
  private final Appointments appointments = new Appointments();

  /** The builds of the table that have not ended: to count them anew would take too long. */
  private final Set<String> open = new HashSet<>();

  /**
   * Builds.
   *
   * @param memory how long a build is known that has ended
   */
  BuildProcessor(PlanMaking plans, FlowSettings settings, Duration memory, ShareGauges gauges) {
    this.plans = plans;
    this.settings = settings;
    this.memory = memory;
    this.gauges = gauges;
  }

  @Override
  public void taken(Transaction<BuildState> table) {
    table
        .table()
        .forEach((build, state) -> {
          appoint(build, state);
          if (isOpen(state)) {
            open.add(build);
          }
          if (state instanceof BuildState.Planning(var request, _)) {
            plans.begin(new BuildId(build), request);
          }
        });
    gauges.builds(this, open.size());
  }

  private static boolean isOpen(BuildState state) {
    return switch (state) {
      case BuildState.Unknown _, BuildState.Ended _ -> false;
      case BuildState.Planning _,
          BuildState.Running _,
          BuildState.Pushing _,
          BuildState.Stopping _ ->
          true;
    };
  }

  private void count(String build, boolean isOpen) {
    var _ = isOpen ? open.add(build) : open.remove(build);
    gauges.builds(this, open.size());
  }

  @Override
  public void handle(String key, Event event, Transaction<BuildState> transaction) {
    if (event instanceof Event.OfBuild ofBuild) {
      var state = transaction.get(key).orElseGet(BuildState.Unknown::new);
      var decision = Flow.decide(state, ofBuild, transaction.now(), settings);
      apply(ofBuild.build(), state, decision, transaction);
    }
  }

  @Override
  public void gaveUp(
      String key, Optional<Event> event, Failure why, Transaction<BuildState> transaction) {
    BuildId build;
    try {
      build = new BuildId(key);
    } catch (IllegalArgumentException _) {
      // Whoever sent it has not said of which build it is.
      return;
    }
    var state = transaction.get(key).orElseGet(BuildState.Unknown::new);
    apply(build, state, Flow.gaveUp(state, build, why, transaction.now()), transaction);
  }

  private void apply(
      BuildId build, BuildState before, Decision decision, Transaction<BuildState> transaction) {
    if (!decision.state().equals(before)) {
      transaction.put(build.value(), decision.state());
      appoint(build.value(), decision.state());
      var isOpen = isOpen(decision.state());
      if (isOpen != isOpen(before)) {
        transaction.afterwards(() -> count(build.value(), isOpen));
      }
    }
    decision.commands().forEach(command -> execute(build, command, transaction));
  }

  private void appoint(String build, BuildState state) {
    if (state instanceof BuildState.Ended(var at)) {
      appointments.make(at.plus(memory), build);
    } else {
      Flow.deadline(state).ifPresent(deadline -> appointments.make(deadline, build));
    }
  }

  private void execute(BuildId build, Command command, Transaction<BuildState> transaction) {
    switch (command) {
      case Command.MakePlan(var requested) ->
          transaction.afterwards(() -> plans.begin(build, requested.request()));
      case Command.StopPlanning _ -> transaction.afterwards(() -> plans.stop(build));
      case Command.WantStage(var wanted) ->
          transaction.publish(Topic.STAGES, wanted.scheduling().pool(), wanted);
      case Command.TellDesk(var pool, var event) -> transaction.publish(Topic.STAGES, pool, event);
      case Command.StopPush(var because) ->
          transaction.publish(Topic.CONTROL, build.value(), because);
      case Command.PushImage(var requested) ->
          transaction.publish(Topic.PUSHES, Topic.ANYONE, requested);
      case Command.TellLine(var line, var event) -> transaction.publish(Topic.LINES, line, event);
      case Command.Announce(var event) -> transaction.publish(Topic.EVENTS, build.value(), event);
    }
  }

  @Override
  public void tick(Transaction<BuildState> transaction) {
    var now = transaction.now();
    var due = appointments.due(now, AT_ONCE);
    for (var each : due) {
      var build = each.key();
      transaction
          .get(build)
          .ifPresent(state -> {
            if (state instanceof BuildState.Ended(var at)) {
              if (!now.isBefore(at.plus(memory))) {
                transaction.remove(build);
              }
            } else {
              var id = new BuildId(build);
              apply(id, state, Flow.timeout(state, id, now), transaction);
            }
          });
    }
    if (!due.isEmpty()) {
      transaction.afterwards(() -> appointments.kept(due));
    }
  }

  @Override
  public void givenUp() {
    plans.close();
    gauges.givenUp(this);
  }
}
