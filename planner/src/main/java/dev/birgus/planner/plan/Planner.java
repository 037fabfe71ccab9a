package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.planner.instruct.Instruction;
import dev.birgus.planner.lint.Rule;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the plan of a build out of its outline, the images and the files it needs. */
public final class Planner {

  private Planner() {}

  /**
   * Plans a build.
   *
   * @param outline complete: {@code images} has all its wishes
   * @param files what is known of each context; nothing at first
   */
  public static PlanOutcome plan(
      Draft draft,
      Outline outline,
      Map<ImageWish.Key, ResolvedImage> images,
      Map<ContextRef, IndexedFiles> files) {
    var surroundings = new Surroundings(draft, outline, images, files);
    var stages = new LinkedHashMap<StageId, Stage>();
    Optional<StageId> target = Optional.empty();
    for (var stage : outline.stages()) {
      try {
        var planned =
            Foundation.of(stage, surroundings)
                .map(foundation -> new StagePlanner(surroundings, stage, foundation).plan());
        if (surroundings.isTarget(stage)) {
          target = planned.map(known -> known.stage().id());
        }
        planned.ifPresent(known -> stages.putIfAbsent(known.stage().id(), known.stage()));
        planned.ifPresent(known -> surroundings.add(stage.index(), known));
      } catch (FailureException failed) {
        surroundings.fail(failed.failure());
      }
    }
    if (!surroundings.needed().isEmpty()) {
      return new PlanOutcome.NeedsFiles(surroundings.needed());
    }
    if (!surroundings.failures().isEmpty() || target.isEmpty()) {
      return new PlanOutcome.Refused(surroundings.failures());
    }
    unusedArguments(draft, outline).ifPresent(surroundings::warn);
    draft.request().arguments().keySet().stream()
        .filter(Globals::isWithoutEffect)
        .forEach(name -> surroundings.warn(withoutEffect(name)));
    return new PlanOutcome.Planned(
        new Plan(
            List.copyOf(stages.values()),
            target.get(),
            surroundings.warnings(),
            surroundings.options().timestamp()));
  }

  private static Optional<Finding> unusedArguments(Draft draft, Outline outline) {
    var declared = new HashSet<>(outline.globals().keySet());
    draft.instructions().forEach(instruction -> addDeclared(instruction, declared));
    for (var stage : outline.stages()) {
      stage.items().forEach(item -> addDeclared(item.instruction(), declared));
    }
    var unused =
        draft.request().arguments().keySet().stream()
            .filter(name -> !declared.contains(name) && !Globals.isPredefined(name))
            .toList();
    return unused.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                Rule.UNUSED_BUILD_ARG.ruleName(),
                "one or more build-args were not consumed: " + String.join(", ", unused),
                Optional.empty()));
  }

  private static Finding withoutEffect(String name) {
    return new Finding(
        "build-arg-without-effect",
        "the build argument " + name + " configures BuildKit and has no effect here",
        Optional.empty());
  }

  private static void addDeclared(Instruction instruction, Set<String> declared) {
    if (instruction instanceof Instruction.Arg arg) {
      arg.arguments().forEach(argument -> declared.add(argument.name()));
    }
  }
}
