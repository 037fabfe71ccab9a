package dev.birgus.executor.operation;

import dev.birgus.executor.run.CommandRunner;
import dev.birgus.infra.contracts.Operation;
import java.io.IOException;

/** Carries out every kind of operation. */
public final class Operations implements OperationRunner<Operation> {

  private final RunOperation run;
  private final MakeDirectoryOperation makeDirectory = new MakeDirectoryOperation();

  /** Runs the commands of RUN with this runner. */
  public Operations(CommandRunner commands) {
    this.run = new RunOperation(commands);
  }

  @Override
  public void run(Operation operation, StepRoot root) throws IOException, InterruptedException {
    switch (operation) {
      case Operation.Run command -> run.run(command, root);
      case Operation.Copy(var transfer) -> TransferOperation.run(transfer, root);
      case Operation.Add(var transfer) -> TransferOperation.run(transfer, root);
      case Operation.MakeDirectory directory -> makeDirectory.run(directory, root);
    }
  }
}
