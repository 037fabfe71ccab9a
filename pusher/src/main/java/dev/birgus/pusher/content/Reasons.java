package dev.birgus.pusher.content;

import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.registry.RegistryException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/** Why input or output failed, for people: several exceptions have a bare path for a message. */
public final class Reasons {

  private Reasons() {}

  /** The failure that an exception carries, or one of this name with its reason. */
  public static Failure failure(String name, Exception broken) {
    return switch (broken) {
      case FailureException known -> known.failure();
      case RegistryException known -> known.failure();
      case StorageException known -> known.failure();
      case IOException other -> Failure.of(name, of(other), "");
      default -> Failure.of(name, String.valueOf(broken), "");
    };
  }

  /** The reason, without the name of the file if it is only that. */
  public static String of(IOException broken) {
    return switch (broken) {
      case NoSuchFileException missing -> missing.getFile() + " does not exist";
      case AccessDeniedException denied -> "permission denied for " + denied.getFile();
      case FileAlreadyExistsException taken -> taken.getFile() + " is in the way";
      case NotDirectoryException file -> file.getFile() + " is not a directory";
      case DirectoryNotEmptyException full -> full.getFile() + " is not empty";
      case FileSystemException other ->
          Objects.requireNonNullElse(other.getReason(), other.getClass().getSimpleName());
      default -> Objects.requireNonNullElse(broken.getMessage(), broken.getClass().getSimpleName());
    };
  }
}
