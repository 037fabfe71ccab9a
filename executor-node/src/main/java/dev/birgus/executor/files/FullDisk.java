package dev.birgus.executor.files;

import dev.birgus.infra.blobs.DiskSpace;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Says of a command that failed that the disk is full, which many a command does not say. */
public final class FullDisk {

  private static final int ENOUGH = 64 * 1024;

  private FullDisk() {}

  /**
   * The failure, with what is to be done if the disk takes nothing more. It is caused by a {@link
   * StorageException} then.
   *
   * @param folder on the disk a command writes to
   */
  public static FailureException explained(FailureException failed, Path folder) {
    var failure = failed.failure();
    if (!failure.name().equals(Failure.COMMAND_FAILED)) {
      return failed;
    }
    var probe = folder.resolve(".probe-" + UUID.randomUUID());
    try (var file =
        Files.newOutputStream(
            probe,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      file.write(new byte[ENOUGH]);
      return failed;
    } catch (IOException refused) {
      return DiskSpace.failure("what commands write", folder, refused)
          .map(full ->
              advised(failure, full.message() + "; " + full.advice())
                  .toException(new StorageException(full, failed)))
          .orElse(failed);
    }
  }

  private static Failure advised(Failure failure, String advice) {
    return new Failure(
        failure.name(),
        failure.message(),
        advice,
        failure.at(),
        failure.exitCode(),
        failure.output());
  }
}
