package dev.birgus.executor.layer;

import dev.birgus.executor.files.DiskUse;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.node.Kept;
import dev.birgus.infra.node.Shelf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The unpacked layers of a {@link DirectoryLayerStore}, as things that need not be kept for ever. A
 * layer goes by a rename to where unfinished ones are, in the hold of its lock; killed then, what
 * is left of it goes away as what was never finished does.
 */
public final class LayerShelf implements Shelf {

  static final String KIND = "layer";

  private final Path root;

  /** The layers of the store in this directory, which need not exist. */
  public LayerShelf(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public List<Kept> kept() throws IOException {
    var kept = new ArrayList<Kept>();
    for (var name : names(root)) {
      if (isLayer(name)) {
        look(name).ifPresent(kept::add);
      }
    }
    return kept;
  }

  private static boolean isLayer(String name) {
    return name.length() == DirectoryLayerStore.NAME
        && name.chars().allMatch(digit -> Character.digit(digit, 16) >= 0);
  }

  private Optional<Kept> look(String name) throws IOException {
    try {
      var note = note(name);
      var used =
          Files.exists(note)
              ? Files.getLastModifiedTime(note)
              : Files.getLastModifiedTime(root.resolve(name));
      var known = size(note);
      var size = known.isPresent() ? known.getAsLong() : measure(name, note, used);
      return Optional.of(
          new Kept(KIND, DirectoryLayerStore.lease(name), size, used.toInstant(), false));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  private static OptionalLong size(Path note) throws IOException {
    try {
      var text = Files.readString(note);
      return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    } catch (NoSuchFileException | NumberFormatException unknown) {
      return OptionalLong.empty();
    }
  }

  /** Looks at all files once, and writes the size down. */
  private long measure(String name, Path note, FileTime used) throws IOException {
    var size = DiskUse.of(root.resolve(name));
    var folder = Files.createDirectories(root.resolve(DirectoryLayerStore.NOTES));
    var draft = Files.createTempFile(folder, ".", null);
    Files.writeString(draft, Long.toString(size));
    Files.setLastModifiedTime(draft, used);
    Files.move(draft, note, StandardCopyOption.ATOMIC_MOVE);
    return size;
  }

  @Override
  public Optional<Disposal> withdraw(Kept kept) throws IOException {
    var name = kept.name().substring(KIND.length() + 1);
    var taken = LayerLock.tryTake(lock(name));
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    var unfinished = DirectoryLayerStore.unfinished(root);
    var lock = taken.get();
    try {
      Files.createDirectories(unfinished);
      remove(unfinished, name);
      Files.move(root.resolve(name), unfinished.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      Files.deleteIfExists(note(name));
    } catch (IOException | RuntimeException failed) {
      lock.close();
      throw failed;
    }
    return Optional.of(() -> {
      try (lock) {
        remove(unfinished, name);
      }
    });
  }

  private static void remove(Path folder, String name) throws IOException {
    try (var files = LinuxFileSystem.open(folder)) {
      files.remove(name);
    }
  }

  /** Lock files of layers that are gone, and drafts of notes. */
  @Override
  public void tidy() throws IOException {
    for (var file : names(DirectoryLayerStore.locks(root))) {
      var name = file.substring(0, Math.max(0, file.length() - ".lock".length()));
      if (Files.notExists(root.resolve(name))) {
        var lock = LayerLock.tryTake(lock(name));
        if (lock.isPresent()) {
          try (var _ = lock.get()) {
            Files.deleteIfExists(lock(name));
          }
        }
      }
    }
    for (var file : names(root.resolve(DirectoryLayerStore.NOTES))) {
      if (Files.notExists(root.resolve(file))) {
        Files.deleteIfExists(note(file));
      }
    }
  }

  private Path note(String name) {
    return root.resolve(DirectoryLayerStore.NOTES).resolve(name);
  }

  private Path lock(String name) throws IOException {
    return Files.createDirectories(DirectoryLayerStore.locks(root)).resolve(name + ".lock");
  }

  private static List<String> names(Path folder) throws IOException {
    var names = new ArrayList<String>();
    try (var entries = Files.newDirectoryStream(folder)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (NoSuchFileException none) {
      return List.of();
    }
    return names;
  }
}
