package dev.birgus.executor.operation;

import dev.birgus.executor.run.UserLookup;
import dev.birgus.infra.contracts.Operation.MakeDirectory;
import java.io.IOException;

/** Makes the directory of a WORKDIR. */
final class MakeDirectoryOperation implements OperationRunner<MakeDirectory> {

  @Override
  public void run(MakeDirectory operation, StepRoot root) throws IOException {
    var owner = new UserLookup(root.files()).forFiles(operation.user());
    new DirectoryMaker(root.files(), owner, root.now()).make(operation.path());
  }
}
