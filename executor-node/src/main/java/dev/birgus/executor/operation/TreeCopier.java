package dev.birgus.executor.operation;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.run.UserLookup.Owner;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FileMode;
import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.pattern.PathFilter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Copies files and trees with mode, time, extended attributes and hard links, as the owner of the
 * transfer. One thread walks, making directories, links and nodes; a few copy the files. The
 * attributes of directories are set at the end, since what is made in them changes their time.
 */
final class TreeCopier implements AutoCloseable {

  private static final int TEXT_MODE = 0644;

  private final FileSystem target;
  private final Owner owner;
  private final Optional<FileMode> mode;
  private final boolean replaces;
  private final CopyQueue queue = new CopyQueue();
  private final Map<Inode, String> copied = new HashMap<>();
  private final Deque<Late> directories = new ArrayDeque<>();

  private record Inode(long device, long inode) {}

  private record Late(String path, FileAttributes attributes) {}

  private TreeCopier(FileSystem target, Owner owner, Optional<FileMode> mode, boolean replaces) {
    this.target = target;
    this.owner = owner;
    this.mode = mode;
    this.replaces = replaces;
  }

  static TreeCopier of(FileTransfer transfer, StepRoot root) throws IOException {
    return new TreeCopier(
        root.files(), Destination.owner(transfer, root), transfer.mode(), transfer.link());
  }

  /** One walk through a tree. */
  private record Walk(SourceTree from, PathFilter filter) {}

  /** A directory being copied, made when the first thing in it is. */
  private final class Folder {
    private final Optional<Folder> parent;
    private final String source;
    private final String path;
    private boolean made;

    /**
     * A directory.
     *
     * @param source where it is copied from
     * @param path where it goes
     */
    Folder(Optional<Folder> parent, String source, String path) {
      this.parent = parent;
      this.source = source;
      this.path = path;
      this.made = parent.isEmpty();
    }

    /** Makes it with all it has: it is taken itself. */
    void take(SourceTree from, FileStatus status) throws IOException, InterruptedException {
      if (parent.isPresent()) {
        parent.get().make(from);
      }
      var attributes = attributes(from, source, status);
      makeDirectory(path, attributes);
      directories.push(new Late(path, attributes));
      made = true;
    }

    /** Makes it because something in it is taken: what is there already keeps its owner. */
    void make(SourceTree from) throws IOException, InterruptedException {
      if (made) {
        return;
      }
      var status = from.files().status(source).orElseThrow(() -> vanished(source));
      var there = target.status(path).filter(known -> known.kind() == Kind.DIRECTORY);
      if (there.isEmpty()) {
        take(from, status);
        return;
      }
      made = true;
      var kept =
          new FileAttributes(
              changed(status),
              there.get().uid(),
              there.get().gid(),
              there.get().modified(),
              target.xattrs(path));
      directories.push(new Late(path, kept));
    }
  }

  /**
   * Copies what is in a directory.
   *
   * @param source not a link
   * @return whether the filter takes anything in it
   */
  boolean copyBelow(SourceTree from, String source, Destination destination, PathFilter filter)
      throws IOException, InterruptedException {
    var folder = new Folder(Optional.empty(), source, destination.forContent());
    return copyChildren(new Walk(from, filter), folder, "");
  }

  /** Copies what is no directory, following it if it is a link. */
  void copyFile(SourceTree from, String source, String path)
      throws IOException, InterruptedException {
    var followed = from.files().resolve(source);
    var status = from.files().status(followed).orElseThrow(() -> vanished(source));
    copyEntry(from, followed, status, path);
  }

  /** Makes a file of these bytes, mode 0644 if nothing else is said. */
  void write(byte[] bytes, String path, long now) throws IOException, InterruptedException {
    makeRoomFor(path);
    var bits = mode.isPresent() ? mode.get().apply(TEXT_MODE, false) : TEXT_MODE;
    var attributes =
        new FileAttributes(bits, owner.uid(), owner.gid(), now, Collections.emptySortedMap());
    try (var file = target.create(path, attributes)) {
      file.write(bytes);
    }
  }

  /** Waits for the copies and sets what had to wait for them. */
  void finish() throws IOException, InterruptedException {
    queue.finish();
    while (!directories.isEmpty()) {
      var late = directories.pop();
      target.setAttributes(late.path(), late.attributes());
    }
  }

  @Override
  public void close() {
    queue.close();
  }

  private boolean copyChildren(Walk walk, Folder folder, String below)
      throws IOException, InterruptedException {
    var any = false;
    var from = walk.from();
    for (var name : from.children(folder.source)) {
      var source = join(folder.source, name);
      var inSource = below.isEmpty() ? name : below + "/" + name;
      var takes = walk.filter().takes(inSource);
      if (!takes && !walk.filter().mayTakeBelow(inSource)) {
        continue;
      }
      var found = from.files().status(source);
      if (found.isEmpty() && from.listsWhiteouts()) {
        continue;
      }
      var status = found.orElseThrow(() -> vanished(source));
      if (status.kind() == Kind.DIRECTORY) {
        var child = new Folder(Optional.of(folder), source, join(folder.path, name));
        if (takes) {
          child.take(from, status);
        }
        any |= copyChildren(walk, child, inSource) || takes;
      } else if (takes) {
        folder.make(from);
        copyEntry(from, source, status, join(folder.path, name));
        any = true;
      }
    }
    return any;
  }

  private void copyEntry(SourceTree from, String source, FileStatus status, String path)
      throws IOException, InterruptedException {
    if (status.kind() == Kind.SOCKET) {
      return; // Bound to a process of another machine or another time: it means nothing here.
    }
    var attributes = attributes(from, source, status);
    makeRoomFor(path);
    switch (status.kind()) {
      case FILE -> copyContent(from, source, status, path, attributes);
      case SYMLINK -> target.makeSymlink(path, status.linkTarget().orElseThrow(), attributes);
      case FIFO, CHARACTER_DEVICE, BLOCK_DEVICE -> target.makeNode(path, status, attributes);
      case DIRECTORY, SOCKET -> throw new AssertionError(status.kind());
    }
  }

  private void copyContent(
      SourceTree from, String source, FileStatus status, String path, FileAttributes attributes)
      throws IOException, InterruptedException {
    if (status.links() > 1) {
      var first = copied.putIfAbsent(new Inode(status.device(), status.inode()), path);
      if (first != null && !first.equals(path)) {
        queue.afterwards(path, () -> target.makeHardLink(path, first));
        return;
      }
    }
    var content = from.files().content(source, status);
    queue.add(path, () -> target.copyFile(content, path, attributes));
  }

  private void makeDirectory(String path, FileAttributes attributes)
      throws IOException, InterruptedException {
    if (replaces) {
      makeRoomForDirectory(path);
    }
    var there = target.status(path);
    if (there.isEmpty()) {
      target.makeDirectory(path, attributes);
    } else if (there.get().kind() != Kind.DIRECTORY) {
      throw Failure.of(
              "not-a-directory",
              "cannot copy a directory to " + path + ", which is not a directory",
              "remove what is there before, or copy to another place")
          .toException();
    }
  }

  /** A file takes the place of another or of a link, but not of a directory. */
  private void makeRoomFor(String path) throws IOException, InterruptedException {
    if (queue.holds(path)) {
      queue.finish();
    }
    var there = target.status(path);
    if (there.isEmpty()) {
      return;
    }
    if (there.get().kind() == Kind.DIRECTORY && !replaces) {
      throw Failure.of(
              "is-a-directory",
              "cannot replace the directory " + path + " by a file",
              "remove it before, or copy to another place")
          .toException();
    }
    if (replaces) {
      queue.finish();
    }
    remove(path);
  }

  private void makeRoomForDirectory(String path) throws IOException, InterruptedException {
    var there = target.status(path);
    if (there.isPresent() && there.get().kind() != Kind.DIRECTORY) {
      queue.finish();
      remove(path);
    }
  }

  /** Removes what is in the way; a file that was copied there is not one to link to any more. */
  private void remove(String path) throws IOException {
    var below = path + "/";
    copied.values().removeIf(made -> made.equals(path) || made.startsWith(below));
    directories.removeIf(late -> late.path().equals(path) || late.path().startsWith(below));
    target.remove(path);
  }

  private int changed(FileStatus status) {
    return mode.isPresent()
        ? mode.get().apply(status.mode(), status.kind() == Kind.DIRECTORY)
        : status.mode();
  }

  private FileAttributes attributes(SourceTree from, String source, FileStatus status)
      throws IOException {
    return new FileAttributes(
        changed(status),
        owner.uid(),
        owner.gid(),
        status.modified(),
        kept(from.files().xattrs(source)));
  }

  /** Labels and lists of access of the machine the files are on say nothing in an image. */
  static SortedMap<String, String> kept(SortedMap<String, String> xattrs) {
    if (xattrs.isEmpty()) {
      return xattrs;
    }
    var kept = new TreeMap<>(xattrs);
    kept.keySet()
        .removeIf(name -> !name.startsWith("user.") && !name.equals("security.capability"));
    return kept;
  }

  private static RuntimeException vanished(String path) {
    return Failure.of(
            "source-not-found", path + " is not there any more", "do not change files being copied")
        .toException();
  }

  private static String join(String directory, String name) {
    return directory.equals("/") ? "/" + name : directory + "/" + name;
  }
}
