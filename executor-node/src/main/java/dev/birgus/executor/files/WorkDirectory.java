package dev.birgus.executor.files;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory of the node in which directories are made for a time.
 *
 * @param path of the directory, which exists
 */
public record WorkDirectory(Path path) {

  public WorkDirectory {
    requireNonNull(path, "path");
  }

  /** A directory of this name, made if need be. */
  public Path make(String name) throws IOException {
    return Files.createDirectories(path.resolve(name));
  }

  /** A new directory whose name begins like this. */
  public WorkDirectory makeNew(String prefix) throws IOException {
    return new WorkDirectory(Files.createTempDirectory(path, prefix));
  }

  /** Removes one of its directories with all below it, of whatever kind and owner. */
  public void remove(WorkDirectory directory) throws IOException {
    try (var files = LinuxFileSystem.open(path)) {
      files.remove(directory.path().getFileName().toString());
    }
  }
}
