package dev.birgus.planner.flow;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.ImageSpec;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageBase;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.planner.flow.BuildState.Ended;
import dev.birgus.planner.flow.BuildState.Planning;
import dev.birgus.planner.flow.BuildState.Pushing;
import dev.birgus.planner.flow.BuildState.Running;
import dev.birgus.planner.flow.BuildState.Unknown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides what a build does next. Events may come twice, late or out of order: what does not fit
 * the state changes nothing. A build has exactly one end, and after it nothing is started.
 *
 * <p>A cancellation that comes while the image is being pushed ends the build, but a tag may have
 * moved already.
 */
public final class Flow {

  private static final int FIRST_ATTEMPT = 1;

  private Flow() {}

  /** What an event means for a build in this state. */
  public static Decision decide(BuildState state, Event event) {
    return switch (state) {
      case Unknown _ -> unknown(state, event);
      case Planning planning -> planning(planning, event);
      case Running running -> running(running, event);
      case Pushing _ -> pushing(state, event);
      case Ended _ -> Decision.stay(state);
    };
  }

  private static Decision unknown(BuildState state, Event event) {
    return event instanceof Event.BuildRequested requested
        ? Decision.to(new Planning(requested.request()), new Command.MakePlan(requested))
        : Decision.stay(state);
  }

  private static Decision planning(Planning state, Event event) {
    if (event instanceof Event.BuildPlanned planned) {
      var running = new Running(state.request(), planned.plan(), Map.of(), Map.of());
      var announce = new ArrayList<Command>(List.of(new Command.Announce(planned)));
      announcement(planned, state.request()).map(Command.Announce::new).ifPresent(announce::add);
      return advance(planned.build(), running, announce);
    }
    if (event instanceof Event.BuildFailed failed) {
      return Decision.to(new Ended(), new Command.Announce(failed));
    }
    if (event instanceof Event.BuildCancelRequested cancel) {
      return Decision.to(new Ended(), new Command.StopPlanning(), cancelled(cancel));
    }
    return Decision.stay(state);
  }

  private static Decision running(Running state, Event event) {
    if (event instanceof Event.StageFinished(var build, var stage, var attempt, var result)) {
      return counts(state, stage, attempt)
          ? advance(build, state.finished(stage, result), List.of())
          : Decision.stay(state);
    }
    if (event instanceof Event.StageFailed(var build, var stage, var attempt, var failure)) {
      return counts(state, stage, attempt)
          ? failed(build, state, stage, failure)
          : Decision.stay(state);
    }
    if (event instanceof Event.BuildCancelRequested cancel) {
      return Decision.to(new Ended(), cancelled(cancel), new Command.StopStages(cancel));
    }
    return Decision.stay(state);
  }

  private static Decision pushing(BuildState state, Event event) {
    if (event instanceof Event.ImagePushed(var build, var manifest, var size)) {
      return Decision.to(
          new Ended(), new Command.Announce(new Event.BuildSucceeded(build, manifest, size)));
    }
    if (event instanceof Event.PushFailed(var build, var failure)) {
      return Decision.to(new Ended(), new Command.Announce(new Event.BuildFailed(build, failure)));
    }
    if (event instanceof Event.BuildCancelRequested cancel) {
      return Decision.to(new Ended(), cancelled(cancel), new Command.StopStages(cancel));
    }
    return Decision.stay(state);
  }

  private static boolean counts(Running state, StageId stage, int attempt) {
    return Integer.valueOf(attempt).equals(state.running().get(stage));
  }

  /** Makes every stage ready whose needs are finished, or pushes when there is nothing left. */
  private static Decision advance(BuildId build, Running state, List<Command> before) {
    var commands = new ArrayList<>(before);
    var target = state.finished().get(state.plan().target());
    // There may be stages beside what the image needs: they were asked for as well.
    if (target != null && state.isComplete()) {
      commands.add(new Command.PushImage(push(build, state.request(), state.plan(), target)));
      return new Decision(new Pushing(), commands);
    }
    var next = state;
    for (var stage : state.plan().stages()) {
      if (state.isPending(stage.id()) && state.finished().keySet().containsAll(stage.needs())) {
        next = next.started(stage.id(), FIRST_ATTEMPT);
        commands.add(new Command.RunStage(ready(build, state, stage)));
      }
    }
    return new Decision(next, commands);
  }

  private static Event.StageReady ready(BuildId build, Running state, Stage stage) {
    var inputs = new LinkedHashMap<StageId, StageResult>();
    state
        .finished()
        .forEach((id, result) -> {
          if (stage.needs().contains(id)) {
            inputs.put(id, result);
          }
        });
    var options = state.request().options().orAt(state.plan().timestamp());
    return new Event.StageReady(build, FIRST_ATTEMPT, stage, inputs, options);
  }

  private static Decision failed(BuildId build, Running state, StageId stage, Failure failure) {
    var announce = new Command.Announce(new Event.BuildFailed(build, failure));
    var othersRun = state.running().keySet().stream().anyMatch(other -> !other.equals(stage));
    if (!othersRun) {
      return Decision.to(new Ended(), announce);
    }
    var reason = "stage " + state.plan().stage(stage).name() + " failed";
    return Decision.to(
        new Ended(),
        announce,
        new Command.StopStages(new Event.BuildCancelRequested(build, reason)));
  }

  private static Command cancelled(Event.BuildCancelRequested cancel) {
    return new Command.Announce(new Event.BuildCancelled(cancel.build(), cancel.reason()));
  }

  /** What a pusher may begin with while the stages run; nothing if no registry is to get it. */
  private static Optional<Event> announcement(Event.BuildPlanned planned, BuildRequest request) {
    var destinations = new ArrayList<Delivery.ToRegistry>();
    for (var delivery : request.deliveries()) {
      if (delivery instanceof Delivery.ToRegistry destination) {
        destinations.add(destination);
      }
    }
    if (destinations.isEmpty()) {
      return Optional.empty();
    }
    var chain = planned.plan().chain();
    var stages = chain.stream().map(Stage::id).collect(Collectors.toSet());
    var base =
        chain.getFirst().base() instanceof StageBase.OfImage(var image)
            ? image.layers()
            : List.<Layer>of();
    return Optional.of(new Event.PushAnnounced(planned.build(), stages, base, destinations));
  }

  private static Event.PushRequested push(
      BuildId build, BuildRequest request, Plan plan, StageResult result) {
    var target = plan.stage(plan.target());
    var config = new ImageConfig(target.config().json().without("history"));
    var image =
        new ImageSpec(
            config,
            result,
            baseManifest(plan),
            request.options().annotations(),
            request.options().orAt(plan.timestamp()).timestamp(),
            request.options().format());
    return new Event.PushRequested(build, image, request.tags(), request.deliveries());
  }

  private static Optional<MediaType> baseManifest(Plan plan) {
    return plan.chain().getFirst().base() instanceof StageBase.OfImage(var image)
        ? Optional.of(image.manifest().mediaType())
        : Optional.empty();
  }
}
