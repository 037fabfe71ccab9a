package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.executor.snapshot.Change;
import dev.birgus.executor.snapshot.LayerChanges;
import dev.birgus.executor.snapshot.UpperEntry;
import dev.birgus.executor.snapshot.UpperEntry.FileId;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.pattern.PathPatterns;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes what an upper directory holds as entries of a layer. */
final class UpperWalk {

  private final LinuxFileSystem files;
  private final OverlayFormat format;
  private final long latest;
  private final PathPatterns ignored;
  private final TarWriter tar;
  private final LayerChanges changes = new LayerChanges();
  private final byte[] buffer = new byte[128 * 1024];

  /**
   * A walk from the root.
   *
   * @param options the timestamp is what later times are set to; earlier ones stay, so that files
   *     which came unchanged from elsewhere keep their times. What is ignored is left out
   */
  UpperWalk(LinuxFileSystem files, OverlayFormat format, BuildOptions options, TarWriter tar) {
    this.files = files;
    this.format = format;
    this.latest = options.timestamp().map(Instant::getEpochSecond).orElse(Long.MAX_VALUE);
    this.ignored = PathPatterns.parse(options.ignoredPaths());
    this.tar = tar;
  }

  private record Level(String prefix, Iterator<String> names) {}

  /**
   * Goes through the tree, parents first, names in the order of their bytes.
   *
   * @return whether there was anything to write
   */
  boolean write() throws IOException {
    var isEmpty = true;
    var levels = new ArrayDeque<Level>();
    levels.push(new Level("", files.list("/").iterator()));
    while (!levels.isEmpty()) {
      var level = levels.element();
      if (!level.names().hasNext()) {
        levels.pop();
        continue;
      }
      var path = level.prefix() + level.names().next();
      if (ignored.matches(path)) {
        continue;
      }
      isEmpty = false;
      if (write(path)) {
        levels.push(new Level(path + "/", files.list(path).iterator()));
      }
    }
    return !isEmpty;
  }

  /** Whether it is a directory. */
  private boolean write(String path) throws IOException {
    stopIfInterrupted();
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
    for (var change : changes.of(entry)) {
      write(change, status, xattrs);
    }
    return isDirectory;
  }

  /** System calls on files do not notice an interrupt. */
  private static void stopIfInterrupted() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while packing a layer");
    }
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

  private void write(Change change, FileStatus status, SortedMap<String, String> xattrs)
      throws IOException {
    switch (change) {
      case Change.Whiteout whiteout -> tar.begin(TarEntry.empty(whiteout.path(), 0));
      case Change.Opaque opaque -> tar.begin(TarEntry.empty(opaque.path(), 0));
      case Change.Link link ->
          tar.begin(entry(link.path(), TarEntry.Type.HARD_LINK, link.target(), status, xattrs));
      case Change.Put put -> {
        var target = status.linkTarget().orElse("");
        tar.begin(entry(put.path(), type(status.kind()), target, status, xattrs));
        if (status.kind() == Kind.FILE) {
          writeContent(put.path(), status.size());
        }
      }
    }
  }

  private void writeContent(String path, long size) throws IOException {
    if (size == 0) {
      return;
    }
    try (var content = files.read(path)) {
      for (var left = size; left > 0; ) {
        stopIfInterrupted();
        var read = content.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (read < 0) {
          throw new FileSystemException("/" + path, null, "became shorter while it was packed");
        }
        tar.write(buffer, 0, read);
        left -= read;
      }
    }
  }

  private TarEntry entry(
      String path,
      TarEntry.Type type,
      String link,
      FileStatus status,
      SortedMap<String, String> xattrs) {
    return new TarEntry(
        path,
        type,
        type == TarEntry.Type.SYMLINK ? 0777 : status.mode(),
        status.uid(),
        status.gid(),
        type == TarEntry.Type.FILE ? status.size() : 0,
        Math.min(latest, Math.floorDiv(status.modified(), 1_000_000_000L)),
        link,
        status.major(),
        status.minor(),
        type == TarEntry.Type.HARD_LINK ? Collections.emptySortedMap() : kept(xattrs));
  }

  /**
   * What of the extended attributes belongs to a file wherever it goes: capabilities, what users
   * set, and access lists, without which a mode would say something else. Security labels are of
   * the node; an overlay's marks are its own.
   */
  private static SortedMap<String, String> kept(SortedMap<String, String> xattrs) {
    if (xattrs.isEmpty()) {
      return xattrs;
    }
    var kept = new TreeMap<>(xattrs);
    kept.keySet().removeIf(name -> !isKept(name));
    return kept;
  }

  private static boolean isKept(String name) {
    return name.startsWith("user.")
        ? !name.startsWith(OverlayFormat.USER.prefix())
        : name.equals("security.capability")
            || name.equals(LinuxFileSystem.ACCESS_LIST)
            || name.equals(LinuxFileSystem.DEFAULT_ACCESS_LIST);
  }

  private static TarEntry.Type type(Kind kind) {
    return switch (kind) {
      case FILE -> TarEntry.Type.FILE;
      case DIRECTORY -> TarEntry.Type.DIRECTORY;
      case SYMLINK -> TarEntry.Type.SYMLINK;
      case FIFO -> TarEntry.Type.FIFO;
      case CHARACTER_DEVICE -> TarEntry.Type.CHARACTER_DEVICE;
      case BLOCK_DEVICE -> TarEntry.Type.BLOCK_DEVICE;
      case SOCKET -> throw new IllegalArgumentException("a tar has no sockets");
    };
  }
}
