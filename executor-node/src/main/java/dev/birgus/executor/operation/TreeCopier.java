package dev.birgus.executor.operation;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.run.UserLookup.Owner;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FileTransfer;
import java.io.IOException;
import java.util.ArrayDeque;
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

  private final SourceTree from;
  private final FileSystem target;
  private final Owner owner;
  private final Optional<Integer> mode;
  private final CopyQueue queue = new CopyQueue();
  private final Map<Inode, String> copied = new HashMap<>();
  private final Deque<Late> directories = new ArrayDeque<>();

  private record Inode(long device, long inode) {}

  private record Late(String path, FileAttributes attributes) {}

  private TreeCopier(SourceTree from, FileSystem target, Owner owner, Optional<Integer> mode) {
    this.from = from;
    this.target = target;
    this.owner = owner;
    this.mode = mode;
  }

  static TreeCopier of(FileTransfer transfer, SourceTree from, StepRoot root) throws IOException {
    return new TreeCopier(from, root.files(), Destination.owner(transfer, root), transfer.mode());
  }

  /** Copies what is at the source, following it if it is a link, or what is in it. */
  void copy(String source, Destination destination) throws IOException, InterruptedException {
    var followed = from.files().resolve(source);
    var status = from.files().status(followed).orElseThrow(() -> vanished(source));
    if (status.kind() == Kind.DIRECTORY) {
      copyChildren(followed, destination.forContent());
    } else {
      copyEntry(followed, status, destination.forFile(source));
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

  private void copyChildren(String source, String path) throws IOException, InterruptedException {
    for (var name : from.children(source)) {
      var child = join(source, name);
      var status = from.files().status(child).orElseThrow(() -> vanished(child));
      copyEntry(child, status, join(path, name));
    }
  }

  private void copyEntry(String source, FileStatus status, String path)
      throws IOException, InterruptedException {
    if (status.kind() == Kind.SOCKET) {
      return; // Bound to a process of another machine or another time: it means nothing here.
    }
    var attributes = attributes(source, status);
    if (status.kind() == Kind.DIRECTORY) {
      makeDirectory(path, attributes);
      directories.push(new Late(path, attributes));
      copyChildren(source, path);
      return;
    }
    makeRoomFor(path);
    switch (status.kind()) {
      case FILE -> copyFile(source, status, path, attributes);
      case SYMLINK -> target.makeSymlink(path, status.linkTarget().orElseThrow(), attributes);
      case FIFO, CHARACTER_DEVICE, BLOCK_DEVICE -> target.makeNode(path, status, attributes);
      case DIRECTORY, SOCKET -> throw new AssertionError(status.kind());
    }
  }

  private void copyFile(String source, FileStatus status, String path, FileAttributes attributes)
      throws IOException, InterruptedException {
    if (status.links() > 1) {
      var first = copied.putIfAbsent(new Inode(status.device(), status.inode()), path);
      if (first != null && !first.equals(path)) {
        queue.afterwards(path, () -> target.makeHardLink(path, first));
        return;
      }
    }
    queue.add(path, () -> target.copyFile(from.files(), source, path, attributes));
  }

  private void makeDirectory(String path, FileAttributes attributes) throws IOException {
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
    if (there.get().kind() == Kind.DIRECTORY) {
      throw Failure.of(
              "is-a-directory",
              "cannot replace the directory " + path + " by a file",
              "remove it before, or copy to another place")
          .toException();
    }
    copied.values().remove(path);
    target.remove(path);
  }

  private FileAttributes attributes(String source, FileStatus status) throws IOException {
    return new FileAttributes(
        mode.orElse(status.mode()),
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
