package dev.birgus.pusher.content;

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
      default ->
          Objects.requireNonNullElse(broken.getMessage(), broken.getClass().getSimpleName());
    };
  }
}
