package dev.birgus.executor.operation;

import dev.birgus.executor.run.Mount;
import java.util.List;
import java.util.Map;

/**
 * What the command of a RUN is given beside its root.
 *
 * @param mounts ready to be mounted
 * @param environment what is added to its environment; a variable of the Dockerfile is replaced
 * @param defaults what is added to its environment if the Dockerfile does not set it
 */
public record RunResources(
    List<Mount> mounts, Map<String, String> environment, Map<String, String> defaults) {

  /** Nothing. */
  public static final RunResources NONE = new RunResources(List.of(), Map.of(), Map.of());

  public RunResources {
    mounts = List.copyOf(mounts);
    environment = Map.copyOf(environment);
    defaults = Map.copyOf(defaults);
  }

  /** Values may be secrets. */
  @Override
  public String toString() {
    return "RunResources[" + mounts + ", " + environment.keySet() + "]";
  }
}
