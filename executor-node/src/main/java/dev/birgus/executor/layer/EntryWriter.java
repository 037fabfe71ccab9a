package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.executor.snapshot.Change;
import dev.birgus.executor.snapshot.LayerChanges;
import dev.birgus.executor.snapshot.UpperEntry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes files of a root as entries of a layer, wherever it is known from that they belong to it.
 */
final class EntryWriter {

  private final LinuxFileSystem files;
  private final long latest;
  private final TarWriter tar;
  private final LayerChanges changes = new LayerChanges();
  private final byte[] buffer = new byte[128 * 1024];

  /**
   * Writes files of a root.
   *
   * @param timestamp what later times are set to
   */
  EntryWriter(LinuxFileSystem files, Optional<Instant> timestamp, TarWriter tar) {
    this.files = files;
    this.latest = timestamp.map(Instant::getEpochSecond).orElse(Long.MAX_VALUE);
    this.tar = tar;
  }

  /** System calls on files do not notice an interrupt. */
  static void stopIfInterrupted() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while packing a layer");
    }
  }

  /** Writes what stands for a file: itself, a link to one that came before, or marks. */
  void write(UpperEntry entry, FileStatus status, SortedMap<String, String> xattrs)
      throws IOException {
    for (var change : changes.of(entry)) {
      write(change, status, xattrs);
    }
  }

  /** Writes that a file of lower layers is gone. */
  void writeGone(String path) throws IOException {
    var gone = new UpperEntry(path, true, false, false, new UpperEntry.FileId(0, 0), 1);
    for (var change : changes.of(gone)) {
      tar.begin(TarEntry.empty(change.path(), 0));
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
   * What of the extended attributes belongs to a file wherever it goes: capabilities and what users
   * set. Security labels and access lists are of the node; an overlay's marks are its own.
   */
  static SortedMap<String, String> kept(SortedMap<String, String> xattrs) {
    if (xattrs.isEmpty()) {
      return xattrs;
    }
    var kept = new TreeMap<>(xattrs);
    kept.keySet()
        .removeIf(name ->
            !name.equals("security.capability")
                && (!name.startsWith("user.") || name.startsWith(OverlayFormat.USER.prefix())));
    return kept;
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
