package dev.birgus.executor.operation;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.run.Mount;
import dev.birgus.infra.contracts.StepLimits;
import java.util.List;
import java.util.Map;

/**
 * What the command of a RUN is given beside its root.
 *
 * @param mounts ready to be mounted
 * @param environment what is added to its environment; a variable of the Dockerfile is replaced
 * @param defaults what is added to its environment if the Dockerfile does not set it
 * @param limits what it may use of the machine
 */
public record RunResources(
    List<Mount> mounts,
    Map<String, String> environment,
    Map<String, String> defaults,
    StepLimits limits) {

  /** Nothing. */
  public static final RunResources NONE =
      new RunResources(List.of(), Map.of(), Map.of(), StepLimits.NONE);

  public RunResources {
    mounts = List.copyOf(mounts);
    environment = Map.copyOf(environment);
    defaults = Map.copyOf(defaults);
    requireNonNull(limits, "limits");
  }

  /** Values may be secrets. */
  @Override
  public String toString() {
    return "RunResources[" + mounts + ", " + environment.keySet() + "]";
  }
}
