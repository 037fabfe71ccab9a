package dev.birgus.executor.layer;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Unpacked layers in a directory. A layer is made under {@code tmp}, in the hold of a lock file,
 * and renamed to its place when it is whole; what a dead process left in {@code tmp} goes away when
 * the store is opened next.
 *
 * <p>Names are half of a digest's digits, for all paths of a stack have to fit into one page. Whole
 * means whole for every process of the node that runs on: nothing is forced to the disk, so after a
 * power failure the directory should be emptied.
 */
public final class DirectoryLayerStore implements LayerStore {

  private static final int NAME = 32;

  private final Path root;
  private final Path unfinished;
  private final Path locks;
  private final LayerUnpacker unpacker;
  private final Map<String, ReentrantLock> threads = new ConcurrentHashMap<>();

  private DirectoryLayerStore(Path root, LayerUnpacker unpacker) {
    this.root = root;
    this.unfinished = root.resolve("tmp");
    this.locks = root.resolve("locks");
    this.unpacker = unpacker;
  }

  /**
   * Opens a store, making its directory if need be; one for each directory and process.
   *
   * @param root on a file system that may be a lower directory of overlays, and the same one the
   *     directories to {@linkplain #adopt adopt} are on
   */
  public static DirectoryLayerStore open(Path root, LayerUnpacker unpacker) throws IOException {
    var store = new DirectoryLayerStore(root.toAbsolutePath().normalize(), unpacker);
    Files.createDirectories(store.unfinished);
    Files.createDirectories(store.locks);
    store.removeLeftovers();
    return store;
  }

  /** What nobody holds the lock of is nobody's work. */
  private void removeLeftovers() throws IOException {
    for (var name : names(unfinished)) {
      var lock = LayerLock.tryTake(lockFile(name), lock(name));
      if (lock.isPresent()) {
        try (var _ = lock.get()) {
          remove(name);
        }
      }
    }
  }

  private static List<String> names(Path directory) throws IOException {
    var names = new ArrayList<String>();
    try (var entries = Files.newDirectoryStream(directory)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    }
    return names;
  }

  @Override
  public Optional<Path> find(Digest diffId) {
    var directory = root.resolve(name(diffId));
    return Files.isDirectory(directory) ? Optional.of(directory) : Optional.empty();
  }

  @Override
  public Path unpack(Layer layer, BlobReader blobs, Progress progress) throws IOException {
    var found = find(layer.diffId());
    if (found.isPresent()) {
      return found.get();
    }
    var name = name(layer.diffId());
    try (var _ = LayerLock.take(lockFile(name), lock(name))) {
      found = find(layer.diffId());
      if (found.isPresent()) {
        return found.get();
      }
      remove(name);
      var directory = Files.createDirectory(unfinished.resolve(name));
      try {
        open(directory);
        unpacker.unpack(layer, blobs, directory, progress);
        return Files.move(directory, root.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException | RuntimeException | Error e) {
        removeAfter(e, name);
        throw e;
      }
    }
  }

  /** The root of an image is readable to all unless its layer says otherwise. */
  private static void open(Path directory) throws IOException {
    Files.setPosixFilePermissions(
        directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Override
  public Path adopt(Digest diffId, Path upper) throws IOException {
    var name = name(diffId);
    try (var _ = LayerLock.take(lockFile(name), lock(name))) {
      var found = find(diffId);
      if (found.isPresent()) {
        return found.get();
      }
      return Files.move(upper, root.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw Failure.of(
              "layer-elsewhere",
              "The layer made in "
                  + upper
                  + " cannot be moved to "
                  + root
                  + ": they are on"
                  + " different file systems.",
              "Keep the whole state directory on one file system.")
          .toException(e);
    }
  }

  private Path lockFile(String name) {
    return locks.resolve(name + ".lock");
  }

  private ReentrantLock lock(String name) {
    return threads.computeIfAbsent(name, _ -> new ReentrantLock());
  }

  private void remove(String name) throws IOException {
    try (var files = LinuxFileSystem.open(unfinished)) {
      files.remove(name);
    }
  }

  private void removeAfter(Throwable failure, String name) {
    try {
      remove(name);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static String name(Digest diffId) {
    return diffId.hex().substring(0, NAME);
  }
}
