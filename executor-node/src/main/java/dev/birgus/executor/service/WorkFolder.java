package dev.birgus.executor.service;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.LeftoverMounts;
import dev.birgus.executor.files.Roots;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The folder of one process in a work root that others use as well. Each holds a lock on a file in
 * its folder for as long as it lives; a folder nobody holds is what a dead process left.
 */
final class WorkFolder implements AutoCloseable {

  private static final String PREFIX = "node-";
  private static final String LOCK = "lock";

  /**
   * The folders this process has locked. A lock is the process', and closing any channel to its
   * file gives it up: our own files must not even be opened.
   */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private static final ReentrantLock GATE = new ReentrantLock();

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

  /** What is done while no other process makes, sweeps or removes a folder. */
  private interface Alone<T> {
    T act() throws IOException;
  }

  /**
   * Removes what dead processes left, mounts first, and makes a folder of our own. What cannot be
   * removed is told to the journal and left for the next time.
   */
  static WorkFolder open(Path root, Roots roots, Journal journal) throws IOException {
    var real = Files.createDirectories(root).toRealPath();
    return alone(
        real,
        () -> {
          sweep(real, roots, journal);
          var folder = Files.createTempDirectory(real, PREFIX);
          var lock = channel(folder.resolve(LOCK));
          lock.lock();
          OURS.add(folder);
          return new WorkFolder(real, folder, roots, lock);
        });
  }

  /** Where stages may put what they need while they run. */
  Path path() {
    return folder;
  }

  private static <T> T alone(Path root, Alone<T> action) throws IOException {
    GATE.lock();
    try (var gate = channel(root.resolve(LOCK));
        var _ = gate.lock()) {
      return action.act();
    } finally {
      GATE.unlock();
    }
  }

  private static void sweep(Path root, Roots roots, Journal journal) throws IOException {
    var left = new ArrayList<Path>();
    try (var folders = Files.newDirectoryStream(root, PREFIX + "*")) {
      folders.forEach(left::add);
    }
    for (var each : left) {
      try {
        if (isDead(each)) {
          remove(root, each, roots);
        }
      } catch (IOException | FailureException failed) {
        journal.log(
            Journal.Level.WARN,
            "what a dead process left could not be removed",
            Map.of(LogKeys.PATH, each.toString(), "error", String.valueOf(failed.getMessage())));
      }
    }
  }

  private static boolean isDead(Path folder) throws IOException {
    if (OURS.contains(folder)) {
      return false;
    }
    try (var channel = channel(folder.resolve(LOCK))) {
      var taken = channel.tryLock();
      return taken != null;
    }
  }

  private static void remove(Path root, Path folder, Roots roots) throws IOException {
    LeftoverMounts.unmountBelow(folder);
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
      alone(
          root,
          () -> {
            remove(root, folder, roots);
            return folder;
          });
    } finally {
      OURS.remove(folder);
    }
  }
}
