package dev.birgus.executor.operation;

import dev.birgus.infra.contracts.Operation.Copy;
import java.io.IOException;

/** Copies the files of a COPY. */
final class CopyOperation implements OperationRunner<Copy> {

  @Override
  public void run(Copy operation, StepRoot root) throws IOException, InterruptedException {
    var transfer = operation.transfer();
    try (var from = root.sources().open(transfer);
        var copier = TreeCopier.of(transfer, from, root)) {
      var destination = Destination.of(transfer, root);
      for (var source : transfer.sources()) {
        for (var path : from.select(source)) {
          copier.copy(path, destination);
        }
      }
      copier.finish();
    }
  }
}
