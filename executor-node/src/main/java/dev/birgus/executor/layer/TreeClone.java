package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.KeptPlaces;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.snapshot.UpperEntry.FileId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Copies a whole tree: owners, modes, times, hard links and extended attributes stay as they are,
 * blocks are shared where the file system can. Sockets are left out.
 */
public final class TreeClone {

  private final LinuxFileSystem from;
  private final LinuxFileSystem to;
  private final KeptPlaces kept;
  private final Map<FileId, String> links = new HashMap<>();
  private boolean listsAreInherited;

  private TreeClone(LinuxFileSystem from, LinuxFileSystem to, KeptPlaces kept) {
    this.kept = kept;
    this.from = from;
    this.to = to;
  }

  /** Copies a tree into an empty directory, which takes its attributes as well. */
  public static void copy(Path from, Path to) throws IOException {
    copy(from, to, KeptPlaces.NONE);
  }

  /**
   * Copies a tree into a directory in which there is nothing but what is kept. That stays as it is,
   * and what the tree has in its place is left out; the directories that lead there take the
   * attributes the tree has for them.
   */
  public static void copy(Path from, Path to, KeptPlaces kept) throws IOException {
    try (var source = LinuxFileSystem.open(from);
        var target = LinuxFileSystem.open(to)) {
      target.dropAccessLists("/");
      new TreeClone(source, target, kept).copyContent("");
      var status = source.status("/").orElseThrow();
      target.setAttributes("/", attributes(status, EntryWriter.kept(source.xattrs("/"))));
    }
  }

  private void copyContent(String directory) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while copying a tree");
    }
    for (var name : from.list(directory.isEmpty() ? "/" : directory)) {
      copy(directory + "/" + name);
    }
  }

  private void copy(String path) throws IOException {
    if (kept.keeps(path)) {
      return;
    }
    var status = from.status(path).orElseThrow();
    var leads = kept.leadsTo(path) && to.status(path).isPresent();
    if (leads && status.kind() != Kind.DIRECTORY) {
      return;
    }
    if (status.kind() != Kind.DIRECTORY && status.links() > 1) {
      var first = links.putIfAbsent(new FileId(status.device(), status.inode()), path);
      if (first != null) {
        to.makeHardLink(path, first);
        return;
      }
    }
    var isLink = status.kind() == Kind.SYMLINK;
    var xattrs =
        isLink ? Collections.<String, String>emptySortedMap() : EntryWriter.kept(from.xattrs(path));
    var attributes = attributes(status, xattrs);
    switch (status.kind()) {
      case FILE -> to.copyFile(from, path, path, attributes);
      case DIRECTORY -> {
        if (leads) {
          to.setAttributes(path, attributes);
        } else {
          to.makeDirectory(path, attributes);
        }
        disinherit(path, status.kind(), xattrs);
        listsAreInherited |= xattrs.containsKey(LinuxFileSystem.DEFAULT_ACCESS_LIST);
        copyContent(path);
        to.setModified(path, status.modified());
      }
      case SYMLINK -> to.makeSymlink(path, status.linkTarget().orElseThrow(), attributes);
      case FIFO, CHARACTER_DEVICE, BLOCK_DEVICE -> to.makeNode(path, status, attributes);
      case SOCKET -> {}
    }
    disinherit(path, status.kind(), xattrs);
  }

  /** A copy has the access lists of what it is copied from, whatever its directory says. */
  private void disinherit(String path, Kind kind, SortedMap<String, String> xattrs)
      throws IOException {
    if (!listsAreInherited || kind == Kind.SYMLINK || kind == Kind.SOCKET) {
      return;
    }
    for (var list : List.of(LinuxFileSystem.ACCESS_LIST, LinuxFileSystem.DEFAULT_ACCESS_LIST)) {
      if (!xattrs.containsKey(list)) {
        to.removeXattr(path, list);
      }
    }
  }

  private static FileAttributes attributes(FileStatus status, SortedMap<String, String> xattrs) {
    return new FileAttributes(status.mode(), status.uid(), status.gid(), status.modified(), xattrs);
  }
}
