package dev.birgus.planner.flow;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import java.util.LinkedHashMap;
import java.util.Map;

/** How far a build has come. */
public sealed interface BuildState {

  /** Nothing is known of it. */
  record Unknown() implements BuildState {}

  /** It was asked for, and its plan is being made. */
  record Planning(BuildRequest request) implements BuildState {
    public Planning {
      requireNonNull(request, "request");
    }
  }

  /**
   * Its stages run.
   *
   * @param running the stages that were made ready, with the attempt that counts
   * @param finished what the others came to
   */
  record Running(
      BuildRequest request,
      Plan plan,
      Map<StageId, Integer> running,
      Map<StageId, StageResult> finished)
      implements BuildState {
    public Running {
      requireNonNull(request, "request");
      requireNonNull(plan, "plan");
      running = Map.copyOf(running);
      finished = Map.copyOf(finished);
    }

    /** The state after a stage has come to a result. */
    Running finished(StageId stage, StageResult result) {
      var stillRunning = new LinkedHashMap<>(running);
      stillRunning.remove(stage);
      var results = new LinkedHashMap<>(finished);
      results.put(stage, result);
      return new Running(request, plan, stillRunning, results);
    }

    /** The state after a stage was made ready. */
    Running started(StageId stage, int attempt) {
      var nowRunning = new LinkedHashMap<>(running);
      nowRunning.put(stage, attempt);
      return new Running(request, plan, nowRunning, finished);
    }

    /** Whether every stage of the plan has come to a result. */
    boolean isComplete() {
      return plan.stages().stream().allMatch(stage -> finished.containsKey(stage.id()));
    }

    boolean isPending(StageId stage) {
      return !running.containsKey(stage) && !finished.containsKey(stage);
    }
  }

  /** Its image is on the way to where it goes. */
  record Pushing() implements BuildState {}

  /** It is over, one way or another; nothing changes it any more. */
  record Ended() implements BuildState {}
}
