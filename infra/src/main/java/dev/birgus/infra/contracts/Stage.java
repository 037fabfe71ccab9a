package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.ImageConfig;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A unit of work: what one FROM begins. An executor needs nothing else to run it, and never sees a
 * Dockerfile.
 *
 * @param id digest of all its result depends on
 * @param index its number in the Dockerfile, from 0
 * @param name its name in the Dockerfile, or {@code stage-N}
 * @param config the image configuration it ends with, history of the base included, without layers
 */
public record Stage(
    StageId id, int index, String name, StageBase base, List<Step> steps, ImageConfig config) {

  public Stage {
    requireNonNull(id, "id");
    requireNonNull(name, "name");
    requireNonNull(base, "base");
    steps = List.copyOf(steps);
    requireNonNull(config, "config");
  }

  /** The stages that must be finished before this one can start. */
  public Set<StageId> needs() {
    var needed = new LinkedHashSet<StageId>();
    if (base instanceof StageBase.OfStage(var parent)) {
      needed.add(parent);
    }
    for (var step : steps) {
      for (var origin : origins(step)) {
        if (origin instanceof FileOrigin.FromStage(var stage)) {
          needed.add(stage);
        }
      }
    }
    return needed;
  }

  private static List<FileOrigin> origins(Step step) {
    return switch (step.operation().orElse(null)) {
      case Operation.Copy(var transfer) -> List.of(transfer.from());
      case Operation.Add(var transfer) -> List.of(transfer.from());
      case Operation.Run run -> run.origins();
      case Operation.MakeDirectory _ -> List.of();
      case null -> List.of();
    };
  }
}
