package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.instruct.Instruction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for what would be wrong in a plan of a Dockerfile that cannot be planned, because some of
 * its instructions could not be read. So that nobody has to repair one kind of mistakes to learn of
 * the next. Nothing outside is looked at, and only what does not depend on what is missing is said:
 * instructions with variables are passed over.
 */
public final class Review {

  private Review() {}

  /** The mistakes in the instructions that could be read, in the order of the stages. */
  public static List<Failure> of(Draft draft) {
    var outline = Outliner.outline(draft, Map.of());
    var surroundings = new Surroundings(draft, outline, Map.of(), Map.of());
    for (var stage : outline.stages()) {
      new StagePlanner(surroundings, readable(stage), Foundation.assumed(stage)).plan();
    }
    var variable = withVariables(draft.instructions());
    var certain = new ArrayList<Failure>();
    for (var failure : surroundings.failures()) {
      if (failure.at().filter(at -> !variable.contains(at.line())).isPresent()) {
        certain.add(failure);
      }
    }
    return certain;
  }

  /** Without the instructions that need files or images. */
  private static StageOutline readable(StageOutline stage) {
    var items =
        stage.items().stream()
            .filter(item ->
                !(item.instruction() instanceof Instruction.Copy)
                    && !(item.instruction() instanceof Instruction.Add))
            .toList();
    return new StageOutline(
        stage.index(), stage.name(), stage.from(), stage.base(), stage.platform(), items);
  }

  private static Set<Integer> withVariables(List<Instruction> instructions) {
    var lines = new HashSet<Integer>();
    for (var instruction : instructions) {
      if (instruction.source().text().indexOf('$') >= 0) {
        lines.addAll(lines(instruction.source().at()));
      }
    }
    return lines;
  }

  private static List<Integer> lines(SourceLocation at) {
    var lines = new ArrayList<Integer>();
    for (var line = at.line(); line <= at.endLine(); line++) {
      lines.add(line);
    }
    return lines;
  }
}
