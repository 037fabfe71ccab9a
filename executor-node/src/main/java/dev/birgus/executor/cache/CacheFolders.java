package dev.birgus.executor.cache;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.FolderLock;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.contracts.RunMount.Sharing;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The directories of cache mounts below one folder, by key; several processes may share it. A
 * directory is there with its first content or not at all. Beside it is its lock file, which is
 * held by whoever uses it.
 */
public final class CacheFolders {

  private final Path root;

  /**
   * The caches in this folder, which is made when it is needed.
   *
   * @param root on any file system
   */
  public CacheFolders(Path root) {
    this.root = requireNonNull(root, "root");
  }

  /** Gives a new directory its first content, and its owner and mode. */
  public interface Filling {
    /** Fills an empty directory, which is root's and open to all. */
    void fill(Path directory) throws IOException, InterruptedException;
  }

  /**
   * A directory in use.
   *
   * @param directory which stays the user's until this is closed
   */
  public record Held(Path directory, FolderLock lock) implements AutoCloseable {
    @Override
    public void close() {
      lock.close();
    }
  }

  /**
   * Takes the directory of a key into use, making it if it is missing. Waits where the sharing says
   * so: {@code LOCKED} for all others to be done, {@code SHARED} for one that has it locked; {@code
   * PRIVATE} gives another directory of the same key instead.
   */
  public Held take(Digest key, Sharing sharing, Filling filling)
      throws IOException, InterruptedException {
    Files.createDirectories(root);
    var name = key.hex();
    return switch (sharing) {
      case SHARED -> held(name, FolderLock.take(lockFile(name), FolderLock.Mode.SHARED), filling);
      case LOCKED -> held(name, FolderLock.take(lockFile(name), FolderLock.Mode.ALONE), filling);
      case PRIVATE -> {
        for (var copy = 1; ; copy++) {
          var one = copy == 1 ? name : name + "-" + copy;
          var lock = FolderLock.tryTake(lockFile(one), FolderLock.Mode.ALONE);
          if (lock.isPresent()) {
            yield held(one, lock.get(), filling);
          }
        }
      }
    };
  }

  private Path lockFile(String name) {
    return root.resolve(name + ".lock");
  }

  private Held held(String name, FolderLock lock, Filling filling)
      throws IOException, InterruptedException {
    try {
      return new Held(directory(name, filling), lock);
    } catch (IOException | RuntimeException | InterruptedException failed) {
      lock.close();
      throw failed;
    }
  }

  private Path directory(String name, Filling filling) throws IOException, InterruptedException {
    var directory = root.resolve(name);
    if (Files.isDirectory(directory)) {
      return directory;
    }
    // Several may share it: one of them makes it.
    try (var _ = FolderLock.take(root.resolve(name + ".new.lock"), FolderLock.Mode.ALONE);
        var files = LinuxFileSystem.open(root)) {
      if (!Files.isDirectory(directory)) {
        var unfinished = root.resolve(name + ".new");
        files.remove(name + ".new");
        Files.createDirectory(unfinished);
        filling.fill(unfinished);
        Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return directory;
  }
}
