package dev.birgus.planner.plan;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Plan;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What planning came to. */
public sealed interface PlanOutcome {

  /** There is a plan. */
  record Planned(Plan plan) implements PlanOutcome {
    public Planned {
      requireNonNull(plan, "plan");
    }
  }

  /**
   * There cannot be one.
   *
   * @param failures at least one, in the order of the stages
   */
  record Refused(List<Failure> failures) implements PlanOutcome {
    public Refused {
      failures = List.copyOf(failures);
      if (failures.isEmpty()) {
        throw new IllegalArgumentException("a refusal needs a failure");
      }
    }
  }

  /**
   * Files have to be known first: plan again with these roots too. Each time it asks for roots that
   * were not given, so it comes to an end.
   *
   * @param roots paths in each context; the literal beginning of a pattern, "" for the whole
   */
  record NeedsFiles(Map<ContextRef, Set<String>> roots) implements PlanOutcome {
    public NeedsFiles {
      roots = Map.copyOf(roots);
    }
  }
}
