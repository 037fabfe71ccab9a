package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A build as data: the stages that are needed, each after those it needs.
 *
 * @param target the stage whose result is the image
 * @param warnings what the user should know though it does not stop the build
 * @param timestamp the time of everything new where SOURCE_DATE_EPOCH gives one; that of the
 *     request's options goes before it
 */
public record Plan(
    List<Stage> stages, StageId target, List<Finding> warnings, Optional<Instant> timestamp) {

  public Plan {
    stages = List.copyOf(stages);
    requireNonNull(target, "target");
    warnings = List.copyOf(warnings);
    requireNonNull(timestamp, "timestamp");
    if (stages.stream().noneMatch(stage -> stage.id().equals(target))) {
      throw new IllegalArgumentException("the target is not a stage of the plan");
    }
  }

  /** The same plan with these warnings instead. */
  public Plan with(List<Finding> others) {
    return new Plan(stages, target, others, timestamp);
  }

  /** The stage of this id. */
  public Stage stage(StageId id) {
    return stages.stream()
        .filter(stage -> stage.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such stage: " + id));
  }

  /** The target and the stages it is built on, the lowest first: the layers of the image. */
  public List<Stage> chain() {
    var chain = new ArrayList<Stage>();
    chain.add(stage(target));
    while (chain.getLast().base() instanceof StageBase.OfStage(var parent)) {
      chain.add(stage(parent));
    }
    return List.copyOf(chain.reversed());
  }
}
