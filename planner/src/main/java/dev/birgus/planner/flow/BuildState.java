package dev.birgus.planner.flow;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How far a build has come. */
public sealed interface BuildState {

  /** Nothing is known of it. */
  record Unknown() implements BuildState {}

  /**
   * It was asked for, and its plan is being made.
   *
   * @param deadline when it ends if it has not before
   */
  record Planning(BuildRequest request, Optional<Instant> deadline) implements BuildState {
    public Planning {
      requireNonNull(request, "request");
      requireNonNull(deadline, "deadline");
    }
  }

  /**
   * Its stages run.
   *
   * @param wanted the stages the desk was asked for, and has not answered
   * @param finished what the others came to
   * @param repeats what was done again because a layer was lost
   * @param awaits the pool none of whose nodes takes its stages; empty if some do, or for a minute
   *     none did
   */
  record Running(
      BuildRequest request,
      Optional<Instant> deadline,
      Plan plan,
      Set<StageId> wanted,
      Map<StageId, StageResult> finished,
      Repeats repeats,
      Optional<String> awaits)
      implements BuildState {
    public Running {
      requireNonNull(request, "request");
      requireNonNull(deadline, "deadline");
      requireNonNull(plan, "plan");
      wanted = Set.copyOf(wanted);
      finished = Map.copyOf(finished);
      requireNonNull(repeats, "repeats");
      requireNonNull(awaits, "awaits");
    }

    /** A build whose plan has just become known. */
    Running(Planning before, Plan plan) {
      this(
          before.request(),
          before.deadline(),
          plan,
          Set.of(),
          Map.of(),
          Repeats.NONE,
          Optional.empty());
    }

    /** The state after a stage has come to a result. */
    Running finished(StageId stage, StageResult result) {
      var results = new LinkedHashMap<>(finished);
      results.put(stage, result);
      // If one was finished there are nodes.
      return new Running(
          request, deadline, plan, without(stage), results, repeats, Optional.empty());
    }

    /** The state after it has become known whether there are nodes. */
    Running awaiting(Optional<String> pool) {
      return new Running(request, deadline, plan, wanted, finished, repeats, pool);
    }

    /** The state after a stage was asked for. */
    Running asked(StageId stage) {
      var nowWanted = new LinkedHashSet<>(wanted);
      nowWanted.add(stage);
      return new Running(request, deadline, plan, nowWanted, finished, repeats, awaits);
    }

    /** The state after a stage has failed that is to be asked for again. */
    Running failed(StageId stage) {
      return new Running(request, deadline, plan, without(stage), finished, repeats, awaits);
    }

    /** The state after results have turned out to be of no use. */
    Running lost(Set<StageId> stages, Repeats now) {
      var results = new LinkedHashMap<>(finished);
      results.keySet().removeAll(stages);
      return new Running(request, deadline, plan, wanted, results, now, awaits);
    }

    private Set<StageId> without(StageId stage) {
      var stillWanted = new LinkedHashSet<>(wanted);
      stillWanted.remove(stage);
      return stillWanted;
    }

    /** Whether every stage of the plan has come to a result. */
    boolean isComplete() {
      return plan.stages().stream().allMatch(stage -> finished.containsKey(stage.id()));
    }

    boolean isPending(StageId stage) {
      return !wanted.contains(stage) && !finished.containsKey(stage);
    }
  }

  /**
   * What a build has done again because layers were lost. Nothing is done again twice.
   *
   * @param lost stages whose results were given up
   * @param stages that failed because of it
   * @param push whether the push failed because of it
   */
  record Repeats(Set<StageId> lost, Set<StageId> stages, boolean push) {

    /** Nothing was. */
    public static final Repeats NONE = new Repeats(Set.of(), Set.of(), false);

    public Repeats {
      lost = Set.copyOf(lost);
      stages = Set.copyOf(stages);
    }

    Repeats with(StageId failed) {
      var more = new LinkedHashSet<>(stages);
      more.add(failed);
      return new Repeats(lost, more, push);
    }

    Repeats withPush() {
      return new Repeats(lost, stages, true);
    }

    Repeats withLost(Set<StageId> results) {
      var more = new LinkedHashSet<>(lost);
      more.addAll(results);
      return new Repeats(more, stages, push);
    }
  }

  /**
   * Its image is on the way to where it goes.
   *
   * @param built what it was when its last stage was finished
   */
  record Pushing(Running built) implements BuildState {
    public Pushing {
      requireNonNull(built, "built");
    }
  }

  /**
   * It is to end while its image is on its way: whether a tag has moved already its pusher knows.
   *
   * @param built what it was when its last stage was finished
   * @param reason why it is to end
   * @param failure what it has failed for; empty if it was cancelled
   * @param until how long the pusher's answer is waited for
   */
  record Stopping(Running built, String reason, Optional<Failure> failure, Instant until)
      implements BuildState {
    public Stopping {
      requireNonNull(built, "built");
      requireNonNull(reason, "reason");
      requireNonNull(failure, "failure");
      requireNonNull(until, "until");
    }
  }

  /** It is over, one way or another; nothing changes it any more. */
  record Ended(Instant at) implements BuildState {
    public Ended {
      requireNonNull(at, "at");
    }
  }
}
