package dev.birgus.executor.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Looks whether a node can take stages. */
@FunctionalInterface
interface NodeHealth {

  /** Why it cannot now; empty if it can. */
  Optional<String> trouble();

  /**
   * Looks at the disk of a folder: can files be made, and is there space?
   *
   * @param leastSpace that must be free, in bytes; 0 not to look at all
   */
  static NodeHealth ofDisk(Path folder, long leastSpace) {
    return leastSpace == 0 ? Optional::empty : () -> disk(folder, leastSpace);
  }

  private static Optional<String> disk(Path folder, long leastSpace) {
    try {
      Files.delete(Files.createTempFile(folder, ".health", ""));
      var free = Files.getFileStore(folder).getUsableSpace();
      return free >= leastSpace
          ? Optional.empty()
          : Optional.of(
              "its disk, at " + folder + ", has " + free + " bytes free of at least " + leastSpace);
    } catch (IOException failed) {
      return Optional.of("no file can be made in " + folder + ": " + failed.getMessage());
    }
  }
}
