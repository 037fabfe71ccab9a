package dev.birgus.executor.stage;

import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.StageResult;
import java.io.IOException;
import java.util.Optional;

/** Runs a stage. */
public interface StageExecutor {

  /**
   * Runs every step of the stage. What happens on the way is reported to the listener.
   *
   * @throws dev.birgus.infra.contracts.FailureException if a step fails
   */
  StageResult execute(StageReady job, StageListener listener)
      throws IOException, InterruptedException;

  /**
   * How far the commands of the stage will be kept apart from the node.
   *
   * @return the name of a rung of isolation; empty if the stage runs no command, or none can be run
   */
  default Optional<String> isolation(StageReady job) throws InterruptedException {
    return Optional.empty();
  }
}
