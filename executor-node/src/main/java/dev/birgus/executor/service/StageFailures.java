package dev.birgus.executor.service;

import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.registry.RegistryException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipException;

/** Says in words what ended a stage. */
final class StageFailures {

  private StageFailures() {}

  /**
   * What an exception means for the one who builds.
   *
   * @param stage name of the stage
   * @return empty for what should not be: a bug
   */
  static Optional<Failure> of(String stage, Throwable thrown) {
    return switch (thrown) {
      case FailureException failed -> Optional.of(failed.failure());
      case RegistryException failed -> Optional.of(failed.failure());
      case StorageException failed -> Optional.of(failed.failure());
      case DigestMismatchException corrupt ->
          Optional.of(
              Failure.of(
                  "layer-corrupt",
                  "stage " + stage + ": a layer of an image is corrupt: " + corrupt.getMessage(),
                  "Try again. If it stays so, the registry, or what is between it and us, has a"
                      + " broken copy: push the image again."));
      case ZipException broken ->
          Optional.of(
              Failure.of(
                  "layer-broken",
                  "stage " + stage + ": a layer is no valid gzip: " + broken.getMessage(),
                  "Push the image again."));
      case IOException failed ->
          Optional.of(
              Failure.of(
                  "stage-failed",
                  "stage " + stage + ": " + reason(failed),
                  "Check the state folder, its space and the health of its disk."));
      default -> Optional.empty();
    };
  }

  private static String reason(IOException failed) {
    if (failed instanceof FileSystemException file && file.getFile() != null) {
      var kind = file.getClass().getSimpleName();
      return file.getFile() + ": " + Objects.requireNonNullElse(file.getReason(), kind);
    }
    var message = failed.getMessage();
    return message == null ? failed.getClass().getSimpleName() : message;
  }
}
