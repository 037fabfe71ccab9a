package dev.birgus.planner.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.instruct.Instruction;
import dev.birgus.planner.plan.Draft;
import dev.birgus.planner.plan.Outline;
import dev.birgus.planner.plan.StageOutline;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A plan, and the stages of its Dockerfile that are not in it.
 *
 * @param places where the stages of the Dockerfile begin, by their number
 * @param leftOut in the order of the Dockerfile
 */
public record Preview(Plan plan, List<SourceLocation> places, List<LeftOut> leftOut) {

  public Preview {
    requireNonNull(plan, "plan");
    places = List.copyOf(places);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * A stage that will not run.
   *
   * @param index its number in the Dockerfile, from 0
   * @param name its name, or {@code stage-N}
   */
  public record LeftOut(int index, String name, SourceLocation at, Reason reason) {
    public LeftOut {
      requireNonNull(name, "name");
      requireNonNull(at, "at");
      requireNonNull(reason, "reason");
    }
  }

  /** Why a stage does not run. */
  public enum Reason {
    /** The target needs nothing of it. */
    NOT_NEEDED,
    /** Another stage does the same, so its result is taken. */
    SAME_AS_ANOTHER
  }

  static Preview of(Plan plan, Draft draft, Outline outline) {
    var planned = new HashSet<Integer>();
    plan.stages().forEach(stage -> planned.add(stage.index()));
    var needed = outline.stages().stream().map(StageOutline::index).collect(Collectors.toSet());
    var places = new ArrayList<SourceLocation>();
    var leftOut = new ArrayList<LeftOut>();
    var index = 0;
    for (var instruction : draft.instructions()) {
      if (instruction instanceof Instruction.From from) {
        places.add(from.source().at());
        if (!planned.contains(index)) {
          var reason = needed.contains(index) ? Reason.SAME_AS_ANOTHER : Reason.NOT_NEEDED;
          var name = from.name().orElse("stage-" + index);
          leftOut.add(new LeftOut(index, name, from.source().at(), reason));
        }
        index++;
      }
    }
    return new Preview(plan, places, leftOut);
  }
}
