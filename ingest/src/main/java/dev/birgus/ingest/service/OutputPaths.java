package dev.birgus.ingest.service;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds out before a build, not after it, that what it makes cannot be written. */
final class OutputPaths {

  private static final String PRIVATE = "rwx------";
  private static final String PUBLIC = "rwxr-xr-x";

  private final Path workingDirectory;
  private final Map<Path, String> taken = new LinkedHashMap<>();

  /** Directories to make, and their permissions. */
  private final Map<Path, String> parents = new LinkedHashMap<>();

  OutputPaths(Path workingDirectory) {
    this.workingDirectory = workingDirectory;
  }

  /** The absolute path of a file whose directory must be there. */
  String file(String written) {
    var path = take(written);
    refuseUnlessFile(written, path);
    var parent = parent(written, path);
    if (!Files.isDirectory(parent)) {
      throw unwritable(written, "there is no directory " + parent, "Make it first.");
    }
    checkWritable(written, parent);
    return path.toString();
  }

  /** The absolute path of a file whose directories are made if they are missing. */
  String smallFile(String written) {
    if (written.startsWith("http://") || written.startsWith("https://")) {
      throw Failure.of(
              "output-not-supported",
              "a digest file cannot be sent to a URL from here (" + scheme(written) + ")",
              "Give the flag a file, and send that.")
          .toException();
    }
    var path = take(written);
    refuseUnlessFile(written, path);
    var parent = parent(written, path);
    checkWritable(written, nearestExisting(written, parent));
    parents.putIfAbsent(parent, PRIVATE);
    return path.toString();
  }

  /** The absolute path of a directory that is made if it is missing. */
  String directory(String written) {
    var path = take(written);
    checkWritable(written, nearestExisting(written, path));
    parents.putIfAbsent(parent(written, path), PUBLIC);
    return path.toString();
  }

  /** Makes the directories that are missing; to be called once everything is checked. */
  void createParents() {
    parents.forEach((parent, permissions) -> {
      try {
        Files.createDirectories(
            parent,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
      } catch (IOException e) {
        throw unwritable(parent.toString(), String.valueOf(e.getMessage()), "Make it first.");
      }
    });
  }

  private static String scheme(String url) {
    return url.substring(0, url.indexOf("://") + 3);
  }

  private Path take(String written) {
    if (written.isEmpty()) {
      throw unwritable(written, "it is empty", "Give the flag a path, or leave it out.");
    }
    try {
      var path = workingDirectory.resolve(written).normalize();
      var other = taken.putIfAbsent(path, written);
      if (other != null) {
        throw unwritable(written, "two outputs have this path", "Give each a path of its own.");
      }
      return path;
    } catch (InvalidPathException e) {
      throw unwritable(written, e.getReason(), "Correct the path.");
    }
  }

  private static void refuseUnlessFile(String written, Path path) {
    if (Files.isDirectory(path)) {
      throw unwritable(written, "it is a directory", "Name a file in it.");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw unwritable(written, "it is a device or a pipe", "Name a file.");
    }
  }

  private static Path parent(String written, Path path) {
    var parent = path.getParent();
    if (parent == null) {
      throw unwritable(written, "it is the root directory", "Name something in it.");
    }
    return parent;
  }

  private static Path nearestExisting(String written, Path path) {
    var existing = path;
    while (!Files.exists(existing)) {
      existing = parent(written, existing);
    }
    if (!Files.isDirectory(existing)) {
      throw unwritable(written, existing + " is not a directory", "Choose another path.");
    }
    return existing;
  }

  private static void checkWritable(String written, Path directory) {
    if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
      throw unwritable(written, "no permission to write into " + directory, "Choose another path.");
    }
  }

  private static FailureException unwritable(String written, String why, String advice) {
    return Failure.of(
            "unwritable-output", "cannot write to the output \"" + written + "\": " + why, advice)
        .toException();
  }
}
