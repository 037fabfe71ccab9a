package dev.birgus.executor.operation;

import dev.birgus.infra.contracts.Operation;
import java.io.IOException;

/**
 * Carries out operations of one kind.
 *
 * @param <O> the kind
 */
public interface OperationRunner<O extends Operation> {

  /**
   * Carries out one operation.
   *
   * @throws dev.birgus.infra.contracts.FailureException if it cannot be done, without its place
   */
  void run(O operation, StepRoot root) throws IOException, InterruptedException;
}
