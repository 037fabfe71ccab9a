package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileContent;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.executor.memory.Entry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an unpacked layer has at a path.
 *
 * @param files of the layer's directory, open as long as this is used
 * @param path absolute, no link above its last name
 */
public record UnpackedEntry(FileSystem files, String path, FileStatus status) implements Entry {

  /** The root of a layer. */
  public static UnpackedEntry root(FileSystem files) throws IOException {
    return new UnpackedEntry(
        files, "/", files.status("/").orElseThrow(() -> new NoSuchFileException("/")));
  }

  @Override
  public Kind kind() {
    return status.kind();
  }

  @Override
  public boolean isWhiteout() {
    return kind() == Kind.CHARACTER_DEVICE && status.major() == 0 && status.minor() == 0;
  }

  /** {@inheritDoc} A store has either kind of mark; a layer of somebody else brings none. */
  @Override
  public boolean isOpaque() throws IOException {
    if (kind() != Kind.DIRECTORY) {
      return false;
    }
    var marks = files.xattrs(path);
    return "y".equals(marks.get(OverlayFormat.TRUSTED.opaque()))
        || "y".equals(marks.get(OverlayFormat.USER.opaque()));
  }

  @Override
  public SortedMap<String, String> xattrs() throws IOException {
    if (kind() == Kind.SYMLINK) {
      return Collections.emptySortedMap();
    }
    var own = new TreeMap<>(files.xattrs(path));
    own.keySet()
        .removeIf(name ->
            name.startsWith(OverlayFormat.TRUSTED.prefix())
                || name.startsWith(OverlayFormat.USER.prefix()));
    return own;
  }

  @Override
  public @Nullable Entry child(String name) throws IOException {
    var below = path.equals("/") ? "/" + name : path + "/" + name;
    var there = files.status(below);
    return there.isPresent() ? new UnpackedEntry(files, below, there.get()) : null;
  }

  @Override
  public Collection<String> names() throws IOException {
    return files.list(path);
  }

  @Override
  public FileContent content() throws IOException {
    return files.content(path);
  }
}
