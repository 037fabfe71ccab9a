package dev.birgus.executor.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows a path's links inside a root, step by step, so that names which do not exist yet can be
 * part of it; the kernel alone would only say that they are missing.
 */
public final class PathResolver {

  /** As many links as the kernel follows. */
  private static final int LINKS = 40;

  private final int root;

  /** Says what links there are. */
  public interface Links {
    /** The text of the link at a path without links above its last name; empty if it is none. */
    String at(String path) throws IOException;
  }

  PathResolver(int root) {
    this.root = root;
  }

  String resolve(String path) throws IOException {
    var bytes = LinuxFileSystem.bytes(path);
    var fd = Linux.openWithoutLinks(root, bytes, Linux.O_PATH);
    if (fd >= 0) {
      Linux.close(fd);
      return join(clean(path));
    }
    return follow(path, this::linkAt);
  }

  /** Where a path leads when all its links are followed, names that are not there being kept. */
  public static String follow(String path, Links linked) throws IOException {
    var done = new ArrayList<String>();
    var todo = new ArrayDeque<>(split(path));
    var links = 0;
    while (!todo.isEmpty()) {
      var name = todo.removeFirst();
      if (name.equals("..")) {
        if (!done.isEmpty()) {
          done.removeLast();
        }
        continue;
      }
      done.add(name);
      var target = linked.at(join(done));
      if (target.isEmpty()) {
        continue;
      }
      if (++links > LINKS) {
        throw new FileSystemException(path, null, Errno.reason(Errno.ELOOP));
      }
      done.removeLast();
      if (target.startsWith("/")) {
        done.clear();
      }
      split(target).reversed().forEach(todo::addFirst);
    }
    return join(done);
  }

  /** The text of the link at a path, empty if it is none or not there. */
  private String linkAt(String path) throws IOException {
    var bytes = LinuxFileSystem.bytes(path);
    var fd = Linux.openInRoot(root, bytes, Linux.O_PATH | Linux.O_NOFOLLOW);
    if (fd == -Errno.ENOENT || fd == -Errno.ENOTDIR) {
      return "";
    }
    try (var file = new OpenFile(LinuxFileSystem.check(fd, path))) {
      return FileNames.decode(Linux.readLink(file.fd()));
    }
  }

  private static List<String> clean(String path) {
    var names = new ArrayList<String>();
    for (var name : split(path)) {
      if (!name.equals("..")) {
        names.add(name);
      } else if (!names.isEmpty()) {
        names.removeLast();
      }
    }
    return names;
  }

  private static List<String> split(String path) {
    var names = new ArrayList<String>();
    for (var start = 0; start <= path.length(); ) {
      var slash = path.indexOf('/', start);
      var end = slash < 0 ? path.length() : slash;
      var name = path.substring(start, end);
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
      start = end + 1;
    }
    return names;
  }

  private static String join(List<String> names) {
    return "/" + String.join("/", names);
  }

  static boolean isDots(String name) {
    return name.equals(".") || name.equals("..");
  }
}
