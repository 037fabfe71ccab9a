package dev.birgus.planner.plan;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Platform;
import dev.birgus.planner.instruct.Instruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A stage that is needed, its names understood and its base's triggers put in front.
 *
 * @param index its number in the Dockerfile, from 0
 * @param name as written in FROM, or {@code stage-N}
 * @param platform what the stage is for, unless its base is a stage and says so itself
 * @param items what comes after FROM, in order
 */
public record StageOutline(
    int index,
    String name,
    Instruction.From from,
    Reference base,
    Platform platform,
    List<Item> items) {

  public StageOutline {
    requireNonNull(name, "name");
    requireNonNull(from, "from");
    requireNonNull(base, "base");
    requireNonNull(platform, "platform");
    items = List.copyOf(items);
  }

  /**
   * An instruction.
   *
   * @param from what its {@code --from} stands for, if it has one
   * @param mounted what the names after {@code from=} in its mounts stand for
   */
  public record Item(
      Instruction instruction, Optional<Reference> from, Map<String, Reference> mounted) {
    public Item {
      requireNonNull(instruction, "instruction");
      requireNonNull(from, "from");
      mounted = Map.copyOf(mounted);
    }

    /** Everything it names. */
    List<Reference> references() {
      var references = new ArrayList<Reference>(mounted.values());
      from.ifPresent(references::add);
      return references;
    }
  }
}
