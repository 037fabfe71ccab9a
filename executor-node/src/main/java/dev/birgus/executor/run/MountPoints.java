package dev.birgus.executor.run;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The places in a root that a command gets something of its own mounted on. Where the root has no
 * such place one is made, and taken away again at the end with its parent as it was before, so that
 * nothing of it gets into an image.
 */
final class MountPoints implements AutoCloseable {

  private final FileSystem files;
  private final Deque<Made> made = new ArrayDeque<>();

  private MountPoints(FileSystem files) {
    this.files = files;
  }

  /**
   * Where to mount, with every symbolic link followed inside the root.
   *
   * @param resolver absent if what is there cannot be mounted on, a directory say
   */
  record Places(
      String proc, String sys, String dev, Optional<String> resolver, Optional<String> hosts) {}

  /**
   * Something made for the time of a command.
   *
   * @param before when its parent was last changed before that
   * @param after when it was because of that
   */
  private record Made(String path, String parent, long before, long after) {}

  static MountPoints in(FileSystem files) {
    return new MountPoints(files);
  }

  /** Finds the places, making those that are missing. */
  Places prepare() throws IOException {
    return new Places(
        directory("/proc"),
        directory("/sys"),
        directory("/dev"),
        file("/etc/resolv.conf"),
        file("/etc/hosts"));
  }

  /** A directory, which is made with its parents where it is missing. */
  String directory(String path) throws IOException {
    var place = files.resolve(path);
    makeDirectories(place);
    return place;
  }

  /** A file, made where nothing is; empty if something else is there. */
  Optional<String> file(String path) throws IOException {
    var place = files.resolve(path);
    var there = files.status(place);
    if (there.isEmpty()) {
      makeDirectories(parentOf(place));
      make(place, false);
      return Optional.of(place);
    }
    return there.get().kind() == Kind.FILE ? Optional.of(place) : Optional.empty();
  }

  private void makeDirectories(String path) throws IOException {
    if (path.equals("/") || files.status(path).isPresent()) {
      return;
    }
    makeDirectories(parentOf(path));
    make(path, true);
  }

  private void make(String path, boolean directory) throws IOException {
    var parent = parentOf(path);
    var before = files.status(parent).orElseThrow().modified();
    var attributes = new FileAttributes(directory ? 0755 : 0644, 0, 0, before, new TreeMap<>());
    if (directory) {
      files.makeDirectory(path, attributes);
    } else {
      files.create(path, attributes).close();
    }
    made.push(new Made(path, parent, before, files.status(parent).orElseThrow().modified()));
  }

  private static String parentOf(String path) {
    var slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  /**
   * Takes away what was made, latest first. What the command has put into it stays, and so does
   * what it has done to the parent: only the time of our own changes is taken back.
   */
  @Override
  public void close() throws IOException {
    while (!made.isEmpty()) {
      var each = made.pop();
      var there = files.status(each.path());
      if (there.isPresent() && isEmpty(each.path(), there.get())) {
        var parent = files.status(each.parent()).orElseThrow();
        files.remove(each.path());
        files.setAttributes(
            each.parent(),
            new FileAttributes(
                parent.mode(),
                parent.uid(),
                parent.gid(),
                parent.modified() == each.after() ? each.before() : parent.modified(),
                files.xattrs(each.parent())));
      }
    }
  }

  private boolean isEmpty(String path, FileStatus status) throws IOException {
    return switch (status.kind()) {
      case DIRECTORY -> files.list(path).isEmpty();
      case FILE -> status.size() == 0;
      case SYMLINK, FIFO, CHARACTER_DEVICE, BLOCK_DEVICE, SOCKET -> false;
    };
  }
}
