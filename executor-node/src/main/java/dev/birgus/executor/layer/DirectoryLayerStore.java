package dev.birgus.executor.layer;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.node.Leases;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Unpacked layers in a directory. A layer is made under {@code tmp}, in the hold of a lock file,
 * and renamed to its place when it is whole; what a dead process left in {@code tmp} goes away when
 * the store is opened next.
 *
 * <p>Names are half of a digest's digits, for all paths of a stack have to fit into one page. Whole
 * means whole for every process of the node that runs on: nothing is forced to the disk, so after a
 * power failure the directory should be emptied. What nobody has leased may go: {@link LayerShelf}.
 */
public final class DirectoryLayerStore implements LayerStore {

  static final int NAME = 32;

  /** The folder of notes of when a layer was used last, and how large it is. */
  static final String NOTES = "notes";

  private final Path root;
  private final Path unfinished;
  private final Path locks;
  private final LayerUnpacker unpacker;
  private final Leases leases;

  private DirectoryLayerStore(Path root, LayerUnpacker unpacker, Leases leases) {
    this.root = root;
    this.unfinished = unfinished(root);
    this.locks = locks(root);
    this.unpacker = unpacker;
    this.leases = leases;
  }

  /** Where layers are made, and where they go before they are removed. */
  static Path unfinished(Path root) {
    return root.resolve("tmp");
  }

  static Path locks(Path root) {
    return root.resolve("locks");
  }

  /** What a layer's directory of this name is leased by. */
  static String lease(String name) {
    return LayerShelf.KIND + ":" + name;
  }

  /**
   * Opens a store, making its directory if need be; one for each directory and process.
   *
   * @param root on a file system that may be a lower directory of overlays, and the same one the
   *     directories to {@linkplain #adopt adopt} are on
   * @param leases taken of all layers that are asked for or made
   */
  public static DirectoryLayerStore open(Path root, LayerUnpacker unpacker, Leases leases)
      throws IOException {
    var store = new DirectoryLayerStore(root.toAbsolutePath().normalize(), unpacker, leases);
    Files.createDirectories(store.unfinished);
    Files.createDirectories(store.locks);
    Files.createDirectories(store.root.resolve(NOTES));
    store.removeLeftovers();
    return store;
  }

  /** What nobody holds the lock of is nobody's work. */
  private void removeLeftovers() throws IOException {
    for (var name : names(unfinished)) {
      var lock = LayerLock.tryTake(lockFile(name));
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
  public Path place() {
    return root;
  }

  @Override
  public Optional<Path> find(Digest diffId) throws IOException {
    var name = name(diffId);
    leases.take(lease(name));
    var directory = root.resolve(name);
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    note(name);
    return Optional.of(directory);
  }

  /** How long ago that was decides which layers go first when there are too many. */
  private void note(String name) throws IOException {
    var note = root.resolve(NOTES).resolve(name);
    var now = FileTime.from(leases.now());
    try {
      Files.setLastModifiedTime(note, now);
    } catch (NoSuchFileException unknown) {
      Files.write(note, new byte[0], StandardOpenOption.CREATE);
      Files.setLastModifiedTime(note, now);
    }
  }

  @Override
  public Path unpack(Layer layer, BlobReader blobs, Progress progress) throws IOException {
    var found = find(layer.diffId());
    if (found.isPresent()) {
      return found.get();
    }
    var name = name(layer.diffId());
    try (var _ = LayerLock.take(lockFile(name))) {
      found = find(layer.diffId());
      if (found.isPresent()) {
        return found.get();
      }
      remove(name);
      var directory = Files.createDirectory(unfinished.resolve(name));
      try {
        open(directory);
        unpacker.unpack(layer, blobs, directory, progress);
        return publish(directory, name);
      } catch (IOException | RuntimeException | Error e) {
        removeAfter(e, name);
        throw e;
      }
    }
  }

  private Path publish(Path directory, String name) throws IOException {
    note(name);
    return Files.move(directory, root.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The root of an image is readable to all unless its layer says otherwise. */
  private static void open(Path directory) throws IOException {
    Files.setPosixFilePermissions(
        directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Override
  public Path adopt(Digest diffId, Path upper) throws IOException {
    var name = name(diffId);
    try (var _ = LayerLock.take(lockFile(name))) {
      var found = find(diffId);
      if (found.isPresent()) {
        return found.get();
      }
      return publish(upper, name);
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

  @Override
  public TreeLayers newTree(Path folder) throws IOException {
    return new TreeLayers(unpacker, folder);
  }

  private Path lockFile(String name) {
    return locks.resolve(name + ".lock");
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
