package dev.birgus.executor.run;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The lowest directory of the stack a RUN sees: the places something is mounted on while it runs. A
 * base without them need not be changed for the time of a RUN, and nothing of it gets into a layer.
 */
public final class RunSkeleton {

  private RunSkeleton() {}

  /** Makes the places in a folder, those that are missing. */
  public static Path make(Path folder) throws IOException {
    for (var directory : List.of("proc", "sys", "dev", "etc")) {
      Files.createDirectories(folder.resolve(directory));
    }
    for (var file : List.of("etc/resolv.conf", "etc/hosts")) {
      try {
        Files.createFile(folder.resolve(file));
      } catch (FileAlreadyExistsException there) {
        // A stage at the same time has made it.
      }
    }
    return folder;
  }
}
