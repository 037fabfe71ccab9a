package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Marks in memory, for a layer that is put onto the tree of those below it straight away: nothing
 * is asked of the file system, which may itself be an overlay that takes no whiteouts.
 */
final class ListedMarks implements LayerMarks {

  private final FileSystem files;
  private final Map<String, Set<String>> hidden = new HashMap<>();
  private final Set<String> opaque = new HashSet<>();

  /**
   * No marks yet.
   *
   * @param files the layer's own
   */
  ListedMarks(FileSystem files) {
    this.files = files;
  }

  @Override
  public boolean hides(String path, Optional<FileStatus> there) throws IOException {
    return !hidden.isEmpty()
        && there.isEmpty()
        && hidden(files.resolve(parent(path))).contains(name(path));
  }

  @Override
  public void hide(String path) throws IOException {
    var directory = files.resolve(parent(path));
    if (files.status(directory).map(FileStatus::kind).orElse(null) != Kind.DIRECTORY) {
      throw new NoSuchFileException(directory);
    }
    hidden.computeIfAbsent(directory, _ -> new TreeSet<>()).add(name(path));
  }

  @Override
  public void hideContent(String path) throws IOException {
    opaque.add(files.resolve(path));
  }

  /** The names that are hidden in a directory; {@code /} is the root. */
  Set<String> hidden(String directory) {
    return hidden.getOrDefault(directory, Set.of());
  }

  @Override
  public boolean hidesContent(String directory) {
    return opaque.contains(directory);
  }

  private static String parent(String path) {
    var slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
