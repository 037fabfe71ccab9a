package dev.birgus.executor.service;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.Roots;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;

/**
 * The folder of one process in a work root that others use as well. Each holds a lock on a file in
 * its folder for as long as it lives; a folder nobody holds is what a dead process left.
 */
final class WorkFolder implements AutoCloseable {

  private static final String PREFIX = "node-";
  private static final String LOCK = "lock";

  private final Path root;
  private final Path folder;
  private final Roots roots;
  private final FileChannel lock;

  private WorkFolder(Path root, Path folder, Roots roots, FileChannel lock) {
    this.root = root;
    this.folder = folder;
    this.roots = roots;
    this.lock = lock;
  }

  /** Removes what dead processes left, mounts first, and makes a folder of our own. */
  static WorkFolder open(Path root, Roots roots) throws IOException {
    var real = Files.createDirectories(root).toRealPath();
    // Nobody else may take a folder for dead between its making and its locking.
    try (var gate = channel(real.resolve(LOCK));
        var _ = gate.lock()) {
      sweep(real, roots);
      var folder = Files.createTempDirectory(real, PREFIX);
      var lock = channel(folder.resolve(LOCK));
      lock.lock();
      return new WorkFolder(real, folder, roots, lock);
    }
  }

  /** Where stages may put what they need while they run. */
  Path path() {
    return folder;
  }

  private static void sweep(Path root, Roots roots) throws IOException {
    var left = new ArrayList<Path>();
    try (var folders = Files.newDirectoryStream(root, PREFIX + "*")) {
      folders.forEach(left::add);
    }
    for (var each : left) {
      if (isDead(each)) {
        remove(root, each, roots);
      }
    }
  }

  private static boolean isDead(Path folder) throws IOException {
    try (var channel = channel(folder.resolve(LOCK))) {
      var taken = channel.tryLock();
      return taken != null;
    } catch (OverlappingFileLockException ours) {
      return false;
    }
  }

  private static void remove(Path root, Path folder, Roots roots) throws IOException {
    Mounts.unmountBelow(folder);
    try (FileSystem files = roots.open(root)) {
      files.remove(folder.getFileName().toString());
    }
  }

  private static FileChannel channel(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Removes the folder with all that is in it. */
  @Override
  public void close() throws IOException {
    try (lock) {
      remove(root, folder, roots);
    }
  }
}
