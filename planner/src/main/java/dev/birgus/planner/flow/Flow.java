package dev.birgus.planner.flow;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSpec;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.Scheduling;
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
import dev.birgus.planner.flow.BuildState.Stopping;
import dev.birgus.planner.flow.BuildState.Unknown;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides what a build does next. Events may come twice, late or out of order: what does not fit
 * the state changes nothing. A build has exactly one end, and after it nothing is started.
 *
 * <p>A build that is cancelled while its image is being pushed ends as its pusher says: when a tag
 * has moved it has succeeded.
 */
public final class Flow {

  /**
   * How long a pusher has to say whether it could be stopped: it may be frozen, or out of reach for
   * a minute, and the clocks of two planners may be a minute apart.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final BuildId build;
  private final Instant now;
  private final FlowSettings settings;

  private Flow(BuildId build, Instant now, FlowSettings settings) {
    this.build = build;
    this.now = now;
    this.settings = settings;
  }

  /**
   * What an event means for a build in this state.
   *
   * @param now the time of whoever decides
   */
  public static Decision decide(
      BuildState state, Event.OfBuild event, Instant now, FlowSettings settings) {
    var flow = new Flow(event.build(), now, settings);
    if (event instanceof Event.BuildFailed(var build, var failure)
        && failure.name().equals(Failure.EVENT_UNREADABLE)
        && !(state instanceof Unknown)) {
      return gaveUp(state, build, failure, now);
    }
    return switch (state) {
      case Unknown _ -> flow.unknown(state, event);
      case Planning planning -> flow.planning(planning, event);
      case Running running -> flow.running(running, event);
      case Pushing pushing -> flow.pushing(pushing, event);
      case Stopping stopping -> flow.stopping(stopping, event);
      case Ended _ -> Decision.stay(state);
    };
  }

  /**
   * What it means for a build in this state that nothing came of one of its events, and nothing
   * will: it would wait for ever.
   */
  public static Decision gaveUp(BuildState state, BuildId build, Failure why, Instant now) {
    // Nothing is begun because of it.
    var flow = new Flow(build, now, FlowSettings.DEFAULT);
    var failed = new Event.BuildFailed(build, why);
    var reason = "the build cannot go on: " + why.name();
    return switch (state) {
      case Unknown _ -> new Decision(new Ended(now), List.of(new Command.Announce(failed)));
      case Planning planning -> flow.stop(state, planning.request(), failed, reason);
      case Running running -> flow.stop(state, running.request(), failed, reason);
      case Pushing(var built) -> flow.stopPushing(built, reason, Optional.of(why));
      case Stopping _, Ended _ -> Decision.stay(state);
    };
  }

  /** What it means for a build in this state that it is late. */
  public static Decision timeout(BuildState state, BuildId build, Instant now) {
    // Nothing is begun because time has passed.
    var flow = new Flow(build, now, FlowSettings.DEFAULT);
    return switch (state) {
      case Planning planning -> flow.late(state, planning.request(), planning.deadline());
      case Running running -> flow.late(state, running.request(), running.deadline());
      case Pushing(var built) -> flow.late(state, built.request(), built.deadline());
      case Stopping stopping ->
          now.isBefore(stopping.until()) ? Decision.stay(state) : flow.stopped(stopping);
      case Unknown _, Ended _ -> Decision.stay(state);
    };
  }

  /** When a build in this state has to be looked at though nothing happens to it. */
  public static Optional<Instant> deadline(BuildState state) {
    return switch (state) {
      case Planning planning -> planning.deadline();
      case Running running -> running.deadline();
      case Pushing(var built) -> built.deadline();
      case Stopping stopping -> Optional.of(stopping.until());
      case Unknown _, Ended _ -> Optional.empty();
    };
  }

  private Decision late(BuildState state, BuildRequest request, Optional<Instant> deadline) {
    if (deadline.isEmpty() || now.isBefore(deadline.get())) {
      return Decision.stay(state);
    }
    var limit = request.scheduling().timeLimit().map(FlowText::of).orElse("its time");
    var failure = late(state, "the build has not come to its end in " + limit);
    var reason = "the time limit is over";
    return state instanceof Pushing(var built)
        ? stopPushing(built, reason, Optional.of(failure))
        : stop(state, request, new Event.BuildFailed(build, failure), reason);
  }

  private static Failure late(BuildState state, String what) {
    return state instanceof Running running && running.awaits().isPresent()
        ? Failure.of(
            "time-limit",
            what + ": no node of the pool " + running.awaits().get() + " takes its stages",
            "start nodes of that pool, or name one that has some with --pool")
        : Failure.of(
            "time-limit", what, "give it a longer time limit, or look which step takes so long");
  }

  private Decision unknown(BuildState state, Event event) {
    if (!(event instanceof Event.BuildRequested(_, var request, var at))) {
      return Decision.stay(state);
    }
    try {
      var admitted = settings.admission().map(rules -> rules.admit(request)).orElse(request);
      return begin(new Event.BuildRequested(build, admitted, at));
    } catch (FailureException refused) {
      return end(request, new Event.BuildFailed(build, refused.failure()), List.of());
    }
  }

  private Decision begin(Event.BuildRequested requested) {
    var scheduling = requested.request().scheduling();
    var commands = new ArrayList<Command>();
    commands.add(new Command.MakePlan(requested));
    // A clock that is ahead must not keep those out who come later.
    var time = requested.at().filter(at -> at.isBefore(now)).orElse(now);
    scheduling
        .line()
        .map(line -> new Event.LineAdvanced(build, line, Optional.of(time)))
        .ifPresent(advanced -> commands.addAll(tellLine(scheduling, advanced)));
    var deadline = scheduling.timeLimit().map(now::plus);
    return new Decision(new Planning(requested.request(), deadline), commands);
  }

  private Decision planning(Planning state, Event event) {
    if (event instanceof Event.BuildPlanned planned) {
      var announce = new ArrayList<Command>(List.of(new Command.Announce(planned)));
      announcement(planned, state.request()).map(Command.Announce::new).ifPresent(announce::add);
      return advance(new Running(state, planned.plan()), announce);
    }
    if (event instanceof Event.BuildFailed failed) {
      return end(state.request(), failed, List.of());
    }
    if (event instanceof Event.BuildCancelRequested cancel) {
      return stop(state, state.request(), cancelled(cancel), cancel.reason());
    }
    return Decision.stay(state);
  }

  private Decision running(Running state, Event event) {
    if (event instanceof Event.StageFinished(_, var stage, _, var result)) {
      // Whichever attempt it was: equal ids have equal results.
      return state.wanted().contains(stage)
          ? advance(state.finished(stage, result), List.of())
          : Decision.stay(state);
    }
    if (event instanceof Event.StageFailed(_, var stage, _, var failure)) {
      return state.wanted().contains(stage)
          ? failed(state.failed(stage), stage, failure)
          : Decision.stay(state);
    }
    if (event instanceof Event.NodesAwaited(_, var pool, var over)) {
      return Decision.to(state.awaiting(over ? Optional.empty() : Optional.of(pool)));
    }
    if (event instanceof Event.BuildCancelRequested cancel) {
      return stop(state, state.request(), cancelled(cancel), cancel.reason());
    }
    return Decision.stay(state);
  }

  private Decision pushing(Pushing state, Event event) {
    var built = state.built();
    if (event instanceof Event.ImagePushed(_, var manifest, var size)) {
      return pushed(built.request(), new Event.BuildSucceeded(build, manifest, size));
    }
    if (event instanceof Event.PushFailed(_, var failure)) {
      if (failure.name().equals(Failure.LAYER_MISSING) && !built.repeats().push()) {
        var again = built.lost(Set.of(), built.repeats().withPush());
        return withoutLost(again, Set.of(built.plan().target()));
      }
      return pushed(built.request(), new Event.BuildFailed(build, failure));
    }
    if (event instanceof Event.BuildCancelRequested cancel) {
      return stopPushing(built, cancel.reason(), Optional.empty());
    }
    return Decision.stay(state);
  }

  /**
   * The end of a build that a pusher has had. The job of the push may come to another pusher all
   * the same, and must not move a tag back that a newer build has moved since.
   */
  private Decision pushed(BuildRequest request, Event.OfBuild end) {
    return end(request, end, List.of(new Command.StopPush(end)));
  }

  /** Has the push stopped, and leaves it to the pusher to say whether it was in time. */
  private Decision stopPushing(Running built, String reason, Optional<Failure> failure) {
    var stopping = new Stopping(built, reason, failure, now.plus(PATIENCE));
    return Decision.to(stopping, stopPush(reason));
  }

  private Decision stopping(Stopping state, Event event) {
    if (event instanceof Event.ImagePushed(_, var manifest, var size)) {
      var succeeded = new Event.BuildSucceeded(build, manifest, size);
      return pushed(state.built().request(), succeeded);
    }
    return event instanceof Event.PushFailed ? stopped(state) : Decision.stay(state);
  }

  private Decision stopped(Stopping state) {
    var end =
        state
            .failure()
            .<Event.OfBuild>map(failure -> new Event.BuildFailed(build, failure))
            .orElseGet(() -> new Event.BuildCancelled(build, state.reason()));
    return pushed(state.built().request(), end);
  }

  private Event.OfBuild cancelled(Event.BuildCancelRequested cancel) {
    return new Event.BuildCancelled(build, cancel.reason());
  }

  /** Asks for every stage whose needs are finished, or pushes when there is nothing left. */
  private Decision advance(Running state, List<Command> before) {
    var commands = new ArrayList<>(before);
    var target = state.finished().get(state.plan().target());
    // There may be stages beside what the image needs: they were asked for as well.
    if (target != null && state.isComplete()) {
      commands.add(new Command.PushImage(push(state.request(), state.plan(), target)));
      return new Decision(new Pushing(state), commands);
    }
    var next = state;
    var shared = Sharing.of(state.request(), state.plan(), settings.networked());
    for (var stage : state.plan().stages()) {
      if (state.isPending(stage.id()) && state.finished().keySet().containsAll(stage.needs())) {
        next = next.asked(stage.id());
        commands.add(new Command.WantStage(wanted(state, stage, shared.contains(stage.id()))));
      }
    }
    return new Decision(next, commands);
  }

  private Event.StageWanted wanted(Running state, Stage stage, boolean shared) {
    var inputs = new LinkedHashMap<StageId, StageResult>();
    for (var need : stage.needs()) {
      var result = state.finished().get(need);
      if (result != null) {
        inputs.put(need, result);
      }
    }
    var options = state.request().options().orAt(state.plan().timestamp());
    var scheduling = state.request().scheduling();
    return new Event.StageWanted(
        build, stage, inputs, options, shared ? scheduling : scheduling.alone());
  }

  private Decision failed(Running state, StageId stage, Failure failure) {
    var repeats = state.repeats();
    var needs = state.plan().stage(stage).needs();
    if (failure.name().equals(Failure.LAYER_MISSING)
        && !needs.isEmpty()
        && !repeats.stages().contains(stage)) {
      return withoutLost(state.lost(Set.of(), repeats.with(stage)), needs);
    }
    var reason = "stage " + state.plan().stage(stage).name() + " failed";
    var end = new Event.BuildFailed(build, failure);
    return state.wanted().isEmpty()
        ? end(state.request(), end, List.of())
        : stop(state, state.request(), end, reason);
  }

  /** Goes on without the results of these stages, and of those they are built of. */
  private Decision withoutLost(Running state, Set<StageId> stages) {
    var lost = new HashSet<StageId>();
    stages.forEach(stage -> addLost(state, stage, lost));
    // Those that were given up before are new by now, or on their way.
    lost.removeAll(state.repeats().lost());
    var commands = new ArrayList<Command>();
    state
        .finished()
        .forEach((stage, result) -> {
          if (lost.contains(stage)) {
            commands.add(
                new Command.TellDesk(
                    state.request().scheduling().pool(),
                    new Event.StageResultLost(build, stage, result)));
          }
        });
    return advance(state.lost(lost, state.repeats().withLost(lost)), commands);
  }

  private static void addLost(Running state, StageId stage, Set<StageId> lost) {
    if (state.finished().containsKey(stage) && lost.add(stage)) {
      state.plan().stage(stage).needs().forEach(need -> addLost(state, need, lost));
    }
  }

  /** The end of a build on whose account something may still be going on. */
  private Decision stop(BuildState state, BuildRequest request, Event.OfBuild end, String reason) {
    var commands = new ArrayList<Command>();
    switch (state) {
      case Planning _ -> commands.add(new Command.StopPlanning());
      case Running running -> {
        for (var stage : running.wanted()) {
          var unwanted = new Event.StageUnwanted(build, stage, reason);
          commands.add(new Command.TellDesk(request.scheduling().pool(), unwanted));
        }
        commands.add(stopPush(reason));
      }
      case Pushing _, Stopping _, Unknown _, Ended _ -> {}
    }
    return end(request, end, commands);
  }

  private Command stopPush(String reason) {
    return new Command.StopPush(new Event.BuildCancelRequested(build, reason));
  }

  private Decision end(BuildRequest request, Event.OfBuild end, List<Command> afterwards) {
    var commands = new ArrayList<Command>();
    commands.add(new Command.Announce(end));
    commands.addAll(afterwards);
    commands.addAll(tellLine(request.scheduling(), end));
    return new Decision(new Ended(now), commands);
  }

  private static List<Command> tellLine(Scheduling scheduling, Event.OfBuild event) {
    return scheduling.lineKey().<Command>map(key -> new Command.TellLine(key, event)).stream()
        .toList();
  }

  /** What a pusher may begin with while the stages run; nothing if no registry is to get it. */
  private static Optional<Event.OfBuild> announcement(
      Event.BuildPlanned planned, BuildRequest request) {
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

  private Event.PushRequested push(BuildRequest request, Plan plan, StageResult result) {
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
    // The time is said here and not by the pusher: two pushers of one push make one manifest.
    return new Event.PushRequested(build, image, request.tags(), request.deliveries())
        .createdBy(now);
  }

  private static Optional<MediaType> baseManifest(Plan plan) {
    return plan.chain().getFirst().base() instanceof StageBase.OfImage(var image)
        ? Optional.of(image.manifest().mediaType())
        : Optional.empty();
  }
}
