package dev.birgus.executor.stage;

import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.StageResult;
import java.io.IOException;

/** Runs a stage. */
public interface StageExecutor {

  /**
   * Runs every step of the stage. What happens on the way is reported to the listener.
   *
   * @throws dev.birgus.infra.contracts.FailureException if a step fails
   */
  StageResult execute(StageReady job, StageListener listener)
      throws IOException, InterruptedException;
}
