package dev.birgus.executor.operation;

import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.run.UserLookup.Owner;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Operation.Add;
import java.io.IOException;
import java.util.Optional;

/**
 * Copies the files of an ADD, and unpacks tar archives among them: plain, gzip or bzip2. What an
 * archive is made of decides, not its name; archives inside a directory are copied.
 */
final class AddOperation implements OperationRunner<Add> {

  @Override
  public void run(Add operation, StepRoot root) throws IOException, InterruptedException {
    var transfer = operation.transfer();
    try (var from = root.sources().open(transfer);
        var copier = TreeCopier.of(transfer, from, root)) {
      var destination = Destination.of(transfer, root);
      for (var source : transfer.sources()) {
        for (var path : from.select(source)) {
          if (!unpack(from, path, destination, operation, root)) {
            copier.copy(path, destination);
          }
        }
      }
      copier.finish();
    }
  }

  private static boolean unpack(
      SourceTree from, String source, Destination destination, Add operation, StepRoot root)
      throws IOException, InterruptedException {
    var path = from.files().resolve(source);
    var status = from.files().status(path);
    if (status.isEmpty() || status.get().kind() != Kind.FILE) {
      return false;
    }
    var format = ArchiveFormat.of(from.files(), path, source);
    if (format.isEmpty()) {
      return false;
    }
    var transfer = operation.transfer();
    if (transfer.mode().isPresent()) {
      throw Failure.of(
              "not-supported-yet",
              "--chmod for the archive " + source + " is not supported yet",
              "set the modes in the archive, or by a RUN chmod")
          .toException();
    }
    var owner =
        transfer.owner().isPresent()
            ? Optional.of(Destination.owner(transfer, root))
            : Optional.<Owner>empty();
    try (var bytes = format.get().open(from.files(), path)) {
      new ArchiveUnpacker(root.files(), destination.forContent(), owner, root.now())
          .unpack(bytes, source);
    }
    return true;
  }
}
