package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.executor.snapshot.UpperEntry;
import dev.birgus.executor.snapshot.UpperEntry.FileId;
import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Writes what an upper directory holds as entries of a layer. */
final class UpperWalk {

  private final FileSystem files;
  private final OverlayFormat format;
  private final Optional<LowerStack> below;
  private final EntryWriter entries;
  private final List<String> needlessMarks = new ArrayList<>();
  private boolean hasSockets;
  private boolean isEmpty = true;

  /**
   * A walk from the root.
   *
   * @param below what marks may hide; empty if that is not known, and all of them count
   */
  UpperWalk(
      FileSystem files, OverlayFormat format, Optional<LowerStack> below, EntryWriter entries) {
    this.files = files;
    this.format = format;
    this.below = below;
    this.entries = entries;
  }

  /**
   * A directory whose content is gone through.
   *
   * @param hidesLower whether nothing of lower directories is seen in it
   */
  private record Level(String prefix, Iterator<String> names, boolean hidesLower) {
    String path(String name) {
      return prefix + name;
    }
  }

  /** The directories whose marks hide nothing, and are not in the layer therefore. */
  List<String> needlessMarks() {
    return needlessMarks;
  }

  /** Whether there are sockets, which a layer cannot have. */
  boolean hasSockets() {
    return hasSockets;
  }

  /**
   * Goes through the tree, parents first, names in the order of their bytes.
   *
   * @return whether there was anything to write
   */
  boolean write() throws IOException {
    var levels = new ArrayDeque<Level>();
    levels.push(new Level("", files.list("/").iterator(), false));
    while (!levels.isEmpty()) {
      var level = levels.element();
      if (!level.names().hasNext()) {
        levels.pop();
        continue;
      }
      var path = level.path(level.names().next());
      if (entries.isIgnored(path)) {
        continue;
      }
      EntryWriter.stopIfInterrupted();
      var status = files.status(path).orElseThrow(() -> new NoSuchFileException("/" + path));
      if (status.kind() == Kind.DIRECTORY) {
        var hidesLower = writeDirectory(path, status, level);
        levels.push(new Level(path + "/", files.list(path).iterator(), hidesLower));
      } else {
        writeFile(path, status, level);
      }
    }
    return !isEmpty;
  }

  /** Whether nothing of lower directories is seen in it. */
  private boolean writeDirectory(String path, FileStatus status, Level level) throws IOException {
    var xattrs = files.xattrs(path);
    refuseReferences(path, xattrs);
    var isMarked = isOpaque(xattrs, format);
    var hides = isMarked && (below.isEmpty() || isBelow(path, level));
    if (isMarked && !hides) {
      needlessMarks.add(path);
    }
    write(entry(path, status, false, hides), status, xattrs);
    return level.hidesLower() || isMarked;
  }

  private void writeFile(String path, FileStatus status, Level level) throws IOException {
    if (status.kind() == Kind.SOCKET) {
      // A tar has no sockets: they mean nothing without the process that listens.
      hasSockets = true;
      if (isBelow(path, level)) {
        write(entry(path, status, true, false), status, Collections.emptySortedMap());
      }
      return;
    }
    var isLink = status.kind() == Kind.SYMLINK;
    var xattrs = isLink ? Collections.<String, String>emptySortedMap() : files.xattrs(path);
    refuseReferences(path, xattrs);
    write(entry(path, status, isWhiteout(status), false), status, xattrs);
  }

  /** Whether lower directories are known to have anything at a path. */
  private boolean isBelow(String path, Level level) throws IOException {
    return !level.hidesLower() && below.isPresent() && below.get().has(path);
  }

  private void write(UpperEntry entry, FileStatus status, SortedMap<String, String> xattrs)
      throws IOException {
    isEmpty = false;
    entries.write(entry, status, xattrs);
  }

  private static UpperEntry entry(
      String path, FileStatus status, boolean isWhiteout, boolean isOpaque) {
    return new UpperEntry(
        path,
        isWhiteout,
        isOpaque,
        status.kind() == Kind.DIRECTORY,
        new FileId(status.device(), status.inode()),
        status.links());
  }

  /** Whether a directory has the mark that hides all below it in lower directories. */
  static boolean isOpaque(SortedMap<String, String> xattrs, OverlayFormat format) {
    return "y".equals(xattrs.get(format.opaque()));
  }

  /** Whether it is the device that hides a file of lower directories. */
  static boolean isWhiteout(FileStatus status) {
    return status.kind() == Kind.CHARACTER_DEVICE && status.major() == 0 && status.minor() == 0;
  }

  /** Such marks stand for content that is in a lower layer, which ours is mounted to never make. */
  private void refuseReferences(String path, SortedMap<String, String> xattrs) {
    for (var mark : new String[] {"redirect", "metacopy"}) {
      if (xattrs.containsKey(format.prefix() + mark)) {
        throw Failure.of(
                "overlay-reference",
                "The overlay kept /" + path + " as a reference (" + mark + "), not as a file.",
                "Set redirect_dir and metacopy of the kernel's overlay module to N.")
            .toException();
      }
    }
  }
}
