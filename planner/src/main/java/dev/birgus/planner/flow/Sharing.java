package dev.birgus.planner.flow;

import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.Isolation;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.RunMount;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which stages of a build may be run once for several builds. A stage's id holds all its result
 * depends on but the values of secrets and what agents let in, so a stage that uses those is its
 * build's own; so is one that is not to be taken from a cache, or fetches what may change, and all
 * that is built of such a stage. Whether commands that may use the network do so is the operator's
 * to say.
 */
final class Sharing {

  private Sharing() {}

  /**
   * The stages that may be shared.
   *
   * @param networked whether those may be whose commands may use the network
   */
  static Set<StageId> of(BuildRequest request, Plan plan, boolean networked) {
    var shared = new HashSet<StageId>();
    var uncached = request.uncached();
    // A stage that equals another has only that one's name in the plan.
    var known =
        uncached.stream().allMatch(name -> plan.stages().stream().anyMatch(s -> is(s, name)));
    if (!request.scheduling().shared() || !known) {
      return shared;
    }
    for (var stage : plan.stages()) {
      if (shared.containsAll(stage.needs())
          && uncached.stream().noneMatch(name -> is(stage, name))
          && stage.steps().stream()
              .flatMap(step -> step.operation().stream())
              .allMatch(operation -> isOpen(operation, networked))) {
        shared.add(stage.id());
      }
    }
    return shared;
  }

  private static boolean is(Stage stage, String name) {
    return stage.name().equalsIgnoreCase(name) || String.valueOf(stage.index()).equals(name);
  }

  private static boolean isOpen(Operation operation, boolean networked) {
    return switch (operation) {
      case Operation.Run run ->
          isOpen(run.mounts())
              && (networked || run.isolation().network() == Isolation.Network.NONE);
      case Operation.Copy(var transfer) -> transfer.isPinned();
      case Operation.Add(var transfer) -> transfer.isPinned();
      case Operation.MakeDirectory _ -> true;
    };
  }

  private static boolean isOpen(List<RunMount> mounts) {
    return mounts.stream()
        .noneMatch(mount ->
            switch (mount) {
              case RunMount.Secret _, RunMount.Agent _ -> true;
              case RunMount.Bind _, RunMount.Cache _, RunMount.Tmpfs _, RunMount.Script _ -> false;
            });
  }
}
