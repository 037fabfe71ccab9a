package dev.birgus.executor.run;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lowest directory of the stack a RUN sees: the places something is mounted on while it runs. A
 * base without them need not be changed for the time of a RUN, and nothing of it gets into a layer.
 */
public final class RunSkeleton {

  private static final List<String> USUAL = List.of("proc", "sys", "dev");

  private RunSkeleton() {}

  /**
   * Makes the usual places and those of these mounts in a new folder, where the root of a command
   * that has mounts finds those it has not got.
   */
  public static Path make(Path folder, List<Mount> mounts) throws IOException {
    make(folder);
    for (var mount : mounts) {
      var place = folder.resolve(mount.target().substring(1)).normalize();
      var isUsual = USUAL.stream().anyMatch(usual -> place.startsWith(folder.resolve(usual)));
      if (!place.startsWith(folder) || place.equals(folder) || isUsual) {
        continue;
      }
      if (mount instanceof Mount.Memory
          || (mount instanceof Mount.Bound bound && bound.directory())) {
        makeDirectories(folder, place);
      } else {
        makeDirectories(folder, place.getParent());
        makeFile(place);
      }
    }
    return folder;
  }

  private static void makeDirectories(Path folder, @Nullable Path place) throws IOException {
    if (place != null && !place.equals(folder) && !Files.isDirectory(place)) {
      makeDirectories(folder, place.getParent());
      if (!Files.exists(place)) {
        Files.createDirectory(place);
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  private static void makeFile(Path file) throws IOException {
    var parent = file.getParent();
    if (parent != null && Files.isDirectory(parent) && !Files.exists(file)) {
      Files.createFile(file);
    }
  }

  /** Makes the places in a folder, those that are missing. */
  public static Path make(Path folder) throws IOException {
    for (var directory : USUAL) {
      Files.createDirectories(folder.resolve(directory));
    }
    Files.createDirectories(folder.resolve("etc"));
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
