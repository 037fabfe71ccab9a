package dev.birgus.infra.node;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The folder of one process in a root that others use as well. Each holds a lock on a file in its
 * folder for as long as it lives; the kernel gives it back however the process ends, also across
 * containers, where process ids say nothing. A folder nobody holds is what a dead process left.
 */
public final class ProcessFolder implements AutoCloseable {

  private static final String LOCK = "lock";

  /**
   * The folders this process has locked. A lock is the process', and closing any channel to its
   * file gives it up: our own files must not even be opened.
   */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  /** File locks hold for the whole process, so its threads are kept apart by these, by root. */
  private static final Map<Path, ReentrantLock> GATES = new ConcurrentHashMap<>();

  private final Root root;
  private final Path folder;
  private final FileChannel lock;

  private ProcessFolder(Root root, Path folder, FileChannel lock) {
    this.root = root;
    this.folder = folder;
    this.lock = lock;
  }

  /** Removes a folder of a process with all that is in it, and undoes its mounts. */
  public interface Remover {
    /** Removes the child of this name, which may be half removed already. */
    void remove(Path root, String name) throws IOException;
  }

  /** What is done while no other process makes, sweeps or removes a folder of the root. */
  interface Alone<T> {
    T act() throws IOException;
  }

  private record Root(Path path, String prefix, Remover remover) {}

  /**
   * Removes what dead processes left and makes a folder of our own, which only its owner can look
   * into. What cannot be removed is told to the journal and left for the next time.
   *
   * @param root made if it is missing
   * @param prefix what the names of all processes' folders begin with
   */
  public static ProcessFolder open(Path root, String prefix, Remover remover, Journal journal)
      throws IOException {
    requireNonNull(remover, "remover");
    var real = new Root(Files.createDirectories(root).toRealPath(), prefix, remover);
    return alone(
        real.path(),
        () -> {
          sweep(real, journal);
          return make(real);
        });
  }

  private static ProcessFolder make(Root root) throws IOException {
    var folder = Files.createTempDirectory(root.path(), root.prefix());
    // Ours before it is locked, so that no other thread looks whether it is dead.
    OURS.add(folder);
    try {
      var lock = channel(folder.resolve(LOCK));
      lock.lock();
      return new ProcessFolder(root, folder, lock);
    } catch (IOException | RuntimeException failed) {
      OURS.remove(folder);
      throw failed;
    }
  }

  /** Where the process may put what it needs. */
  public Path path() {
    return folder;
  }

  /** Does something while no other process makes, sweeps or removes a folder of this root. */
  <T> T alone(Alone<T> action) throws IOException {
    return alone(root.path(), action);
  }

  /** The folders of processes that live, ours among them; only while {@linkplain #alone alone}. */
  List<Path> living() throws IOException {
    var living = new ArrayList<Path>();
    for (var each : folders(root)) {
      if (!isDead(each)) {
        living.add(each);
      }
    }
    return living;
  }

  private static <T> T alone(Path root, Alone<T> action) throws IOException {
    var threads = GATES.computeIfAbsent(root, _ -> new ReentrantLock());
    threads.lock();
    try (var gate = channel(root.resolve(LOCK));
        var _ = gate.lock()) {
      return action.act();
    } finally {
      threads.unlock();
    }
  }

  private static List<Path> folders(Root root) throws IOException {
    var found = new ArrayList<Path>();
    try (var folders = Files.newDirectoryStream(root.path(), root.prefix() + "*")) {
      folders.forEach(found::add);
    }
    return found;
  }

  private static void sweep(Root root, Journal journal) throws IOException {
    for (var each : folders(root)) {
      try {
        if (isDead(each)) {
          root.remover().remove(root.path(), each.getFileName().toString());
        }
      } catch (IOException | FailureException failed) {
        journal.log(
            Journal.Level.WARN,
            "what a dead process left could not be removed",
            Map.of(
                LogKeys.PATH, each.toString(), LogKeys.ERROR, String.valueOf(failed.getMessage())));
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
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  private static FileChannel channel(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Removes the folder with all that is in it. */
  @Override
  public void close() throws IOException {
    if (!lock.isOpen()) {
      return;
    }
    try (lock) {
      alone(() -> {
        root.remover().remove(root.path(), folder.getFileName().toString());
        return folder;
      });
    } finally {
      OURS.remove(folder);
    }
  }
}
