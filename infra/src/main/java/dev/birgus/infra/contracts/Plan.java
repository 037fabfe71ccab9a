package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A build as data: the stages that are needed, each after those it needs.
 *
 * @param target the stage whose result is the image
 * @param warnings what the user should know though it does not stop the build
 */
public record Plan(List<Stage> stages, StageId target, List<Finding> warnings) {

  public Plan {
    stages = List.copyOf(stages);
    requireNonNull(target, "target");
    warnings = List.copyOf(warnings);
    if (stages.stream().noneMatch(stage -> stage.id().equals(target))) {
      throw new IllegalArgumentException("the target is not a stage of the plan");
    }
  }

  /** The stage of this id. */
  public Stage stage(StageId id) {
    return stages.stream()
        .filter(stage -> stage.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such stage: " + id));
  }
}
