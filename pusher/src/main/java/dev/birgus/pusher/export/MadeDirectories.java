package dev.birgus.pusher.export;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/** Directories made for an output, which go again if the output fails. */
final class MadeDirectories {

  private final Deque<Path> made = new ArrayDeque<>();

  /** Makes the directory and its parents where they are missing. */
  void make(Path directory, Set<PosixFilePermission> permissions) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(directory + " is not a directory");
    }
    var parent = directory.getParent();
    if (parent != null) {
      make(parent, permissions);
    }
    try {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(permissions));
      made.push(directory);
    } catch (FileAlreadyExistsException byAnother) {
      if (!Files.isDirectory(directory)) {
        throw byAnother;
      }
    }
  }

  /** The output is in place: the directories stay. */
  void keep() {
    made.clear();
  }

  /** Removes what was made, deepest first; a directory somebody else uses by now stays. */
  void removeUnlessKept() {
    while (!made.isEmpty()) {
      try {
        Files.delete(made.pop());
      } catch (IOException used) {
        made.clear();
      }
    }
  }
}
