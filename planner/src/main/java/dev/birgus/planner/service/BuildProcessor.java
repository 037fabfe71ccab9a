package dev.birgus.planner.service;

import dev.birgus.infra.bus.Processor;
import dev.birgus.infra.bus.Transaction;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.planner.flow.BuildState;
import dev.birgus.planner.flow.Command;
import dev.birgus.planner.flow.Flow;

/** The builds of one share: lets the flow decide, and does what it says. */
final class BuildProcessor implements Processor<BuildState> {

  private final PlanMaking plans;

  BuildProcessor(PlanMaking plans) {
    this.plans = plans;
  }

  @Override
  public void taken(Transaction<BuildState> table) {
    table
        .table()
        .forEach((build, state) -> {
          if (state instanceof BuildState.Planning(var request)) {
            plans.begin(new BuildId(build), request);
          }
        });
  }

  @Override
  public void handle(String key, Event event, Transaction<BuildState> transaction) {
    var build = new BuildId(key);
    var state = transaction.get(key).orElseGet(BuildState.Unknown::new);
    var decision = Flow.decide(state, event);
    if (!decision.state().equals(state)) {
      transaction.put(key, decision.state());
    }
    decision.commands().forEach(command -> execute(build, command, transaction));
  }

  private void execute(BuildId build, Command command, Transaction<BuildState> transaction) {
    switch (command) {
      case Command.MakePlan(var requested) ->
          transaction.afterwards(() -> plans.begin(build, requested.request()));
      case Command.StopPlanning _ -> transaction.afterwards(() -> plans.stop(build));
      case Command.RunStage(var ready) ->
          transaction.publish(Topic.WORK, Scheduling.DEFAULT_POOL, ready);
      case Command.StopStages(var cancelled) ->
          transaction.publish(Topic.CONTROL, build.value(), cancelled);
      case Command.PushImage(var requested) ->
          transaction.publish(Topic.PUSHES, Topic.ANYONE, requested.createdBy(transaction.now()));
      case Command.Announce(var event) -> transaction.publish(Topic.EVENTS, build.value(), event);
    }
  }

  @Override
  public void tick(Transaction<BuildState> transaction) {
    // Nothing here depends on time yet.
  }

  @Override
  public void givenUp() {
    plans.close();
  }
}
