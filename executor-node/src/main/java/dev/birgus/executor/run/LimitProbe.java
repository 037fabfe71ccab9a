package dev.birgus.executor.run;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.StepLimits;
import java.util.Optional;

/** Finds out whether commands can be kept to limits on this machine, by preparing it for one. */
public final class LimitProbe {

  private LimitProbe() {}

  /** Why a command cannot be kept to these limits; empty if it can. */
  public static Optional<String> refusal(StepLimits limits) {
    var needsGroups = limits.memory().isPresent() || limits.processes().isPresent();
    if (needsGroups && !Launcher.isBuilt()) {
      return Optional.of("--step-memory and --step-pids cannot be kept without the launcher nsrun");
    }
    try {
      StepCgroup.make(limits).close();
      return Optional.empty();
    } catch (FailureException refused) {
      return Optional.of(refused.failure().message());
    }
  }
}
