package dev.birgus.executor.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.run.IsolationLadder;
import dev.birgus.executor.run.Rung;
import dev.birgus.executor.stage.StageExecutor;
import dev.birgus.executor.stage.StageListener;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.StageResult;
import java.io.IOException;
import java.util.Optional;

/**
 * Executes stages, and knows on which rung of isolation their commands run.
 *
 * @param ladder asked only about stages that run commands: asking is trying
 */
record LadderStageExecutor(StageExecutor stages, IsolationLadder ladder) implements StageExecutor {

  LadderStageExecutor {
    requireNonNull(stages, "stages");
    requireNonNull(ladder, "ladder");
  }

  @Override
  public StageResult execute(StageReady job, StageListener listener)
      throws IOException, InterruptedException {
    return stages.execute(job, listener);
  }

  @Override
  public Optional<String> isolation(StageReady job) throws InterruptedException {
    var runs =
        job.stage().steps().stream()
            .anyMatch(step -> step.operation().filter(Operation.Run.class::isInstance).isPresent());
    return runs ? ladder.report().chosen().map(Rung::label) : Optional.empty();
  }
}
