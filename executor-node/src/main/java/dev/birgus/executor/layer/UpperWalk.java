package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.executor.snapshot.UpperEntry;
import dev.birgus.executor.snapshot.UpperEntry.FileId;
import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.SortedMap;

/** Writes what an upper directory holds as entries of a layer. */
final class UpperWalk {

  private final LinuxFileSystem files;
  private final OverlayFormat format;
  private final EntryWriter entries;

  /**
   * A walk from the root.
   *
   * @param timestamp what later times are set to; earlier ones stay, so that files which came
   *     unchanged from elsewhere keep their times
   */
  UpperWalk(
      LinuxFileSystem files, OverlayFormat format, Optional<Instant> timestamp, TarWriter tar) {
    this.files = files;
    this.format = format;
    this.entries = new EntryWriter(files, timestamp, tar);
  }

  private record Level(String prefix, Iterator<String> names) {}

  /** Goes through the tree, parents first, names in the order of their bytes. */
  void write() throws IOException {
    var levels = new ArrayDeque<Level>();
    levels.push(new Level("", files.list("/").iterator()));
    while (!levels.isEmpty()) {
      var level = levels.element();
      if (!level.names().hasNext()) {
        levels.pop();
        continue;
      }
      var path = level.prefix() + level.names().next();
      if (write(path)) {
        levels.push(new Level(path + "/", files.list(path).iterator()));
      }
    }
  }

  /** Whether it is a directory. */
  private boolean write(String path) throws IOException {
    EntryWriter.stopIfInterrupted();
    var status = files.status(path).orElseThrow(() -> new NoSuchFileException("/" + path));
    if (status.kind() == Kind.SOCKET) {
      // A tar has no sockets: they mean nothing without the process that listens.
      return false;
    }
    var isLink = status.kind() == Kind.SYMLINK;
    var xattrs = isLink ? Collections.<String, String>emptySortedMap() : files.xattrs(path);
    refuseReferences(path, xattrs);
    var isDirectory = status.kind() == Kind.DIRECTORY;
    var entry =
        new UpperEntry(
            path,
            isWhiteout(status),
            isDirectory && "y".equals(xattrs.get(format.opaque())),
            isDirectory,
            new FileId(status.device(), status.inode()),
            status.links());
    entries.write(entry, status, xattrs);
    return isDirectory;
  }

  private static boolean isWhiteout(FileStatus status) {
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
