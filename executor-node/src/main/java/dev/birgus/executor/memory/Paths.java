package dev.birgus.executor.memory;

import dev.birgus.executor.files.FileNames;
import dev.birgus.executor.files.FileStatus.Kind;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a path of a tree leads to, the way the kernel does in a root: links above the last
 * name are followed, and neither they nor {@code ..} lead out.
 *
 * @param interprets whether whiteouts are nothing, and not the devices they are
 */
record Paths(Folder root, boolean interprets) {

  /** As many links as the kernel follows. */
  private static final int LINKS = 40;

  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_PATH = 4095;

  /**
   * A name in a directory, and what is there.
   *
   * @param child null if nothing is
   */
  record Found(Folder parent, String name, Folder.@Nullable Child child) {

    boolean isThere() {
      return child != null || isRoot();
    }

    boolean isRoot() {
      return name.isEmpty();
    }

    /** What is there. */
    Entry entry() {
      return child == null ? parent.visible() : child.visible();
    }

    boolean isWritten() {
      return child != null && child.upper() != null;
    }

    boolean isLink() throws IOException {
      return child != null && entry().kind() == Kind.SYMLINK;
    }

    boolean isDirectory() throws IOException {
      return entry().kind() == Kind.DIRECTORY;
    }

    /** The directory that is there. */
    Folder folder(String path) throws IOException {
      if (child == null) {
        return parent;
      }
      if (!isDirectory()) {
        throw new NotDirectoryException(path);
      }
      return parent.folder(name, child);
    }
  }

  /** What is at a path; empty if there is nothing it could be in. */
  Optional<Found> find(String path) throws IOException {
    try {
      return Optional.of(place(path));
    } catch (NoSuchFileException | NotDirectoryException nothing) {
      return Optional.empty();
    }
  }

  /** What is at a path. */
  Found there(String path) throws IOException {
    var found = place(path);
    if (!found.isThere()) {
      throw new NoSuchFileException(path, null, "no such file or directory");
    }
    return found;
  }

  /** The place of a path, whose directory must be there. */
  Found place(String path) throws IOException {
    check(path);
    var todo = new ArrayDeque<String>();
    push(path, todo);
    var at = root;
    var links = 0;
    while (!todo.isEmpty()) {
      var name = todo.removeFirst();
      if (name.equals("..")) {
        at = at.parent();
        continue;
      }
      var child = child(at, name);
      var found = new Found(at, name, child);
      if (todo.isEmpty()) {
        return found;
      }
      if (child == null) {
        throw new NoSuchFileException(path, null, "no such file or directory");
      }
      if (!found.isLink()) {
        at = found.folder(path);
        continue;
      }
      if (++links > LINKS) {
        throw new FileSystemException(path, null, "Too many levels of symbolic links");
      }
      var target = found.entry().status().linkTarget().orElseThrow();
      at = target.startsWith("/") ? root : at;
      push(target, todo);
    }
    return at.isRoot()
        ? new Found(at, "", null)
        : new Found(at.parent(), at.name(), at.parent().child(at.name()));
  }

  private Folder.@Nullable Child child(Folder folder, String name) throws IOException {
    var child = folder.child(name);
    return child != null && interprets && child.visible().isWhiteout() ? null : child;
  }

  /** Puts the names of a path before those that are left. */
  private static void push(String path, Deque<String> todo) {
    var names = new ArrayList<String>();
    for (var start = 0; start < path.length(); ) {
      var slash = path.indexOf('/', start);
      var end = slash < 0 ? path.length() : slash;
      if (end > start && !(end == start + 1 && path.charAt(start) == '.')) {
        names.add(path.substring(start, end));
      }
      start = end + 1;
    }
    for (var i = names.size() - 1; i >= 0; i--) {
      todo.addFirst(names.get(i));
    }
  }

  /** Refuses what no path of a Linux can be. */
  static void check(String path) throws FileSystemException {
    if (path.indexOf('\0') >= 0) {
      throw new FileSystemException(path, null, "a name cannot hold a zero byte");
    }
    if (path.length() * 3 <= LONGEST_NAME) {
      checkSurrogates(path);
      return;
    }
    var bytes = bytes(path);
    var name = 0;
    for (var each : bytes) {
      name = each == '/' ? 0 : name + 1;
      if (name > LONGEST_NAME) {
        throw new FileSystemException(path, null, "File name too long");
      }
    }
    if (bytes.length > LONGEST_PATH) {
      throw new FileSystemException(path, null, "File name too long");
    }
  }

  private static void checkSurrogates(String path) throws FileSystemException {
    for (var i = 0; i < path.length(); i++) {
      if (Character.isSurrogate(path.charAt(i))) {
        bytes(path);
        return;
      }
    }
  }

  private static byte[] bytes(String path) throws FileSystemException {
    try {
      return FileNames.encode(path);
    } catch (IllegalArgumentException e) {
      throw new FileSystemException(path, null, "not the text of a file name");
    }
  }

  /** Refuses a path that does not end with the name of a file in a directory. */
  static void checkLastName(String path) throws FileSystemException {
    var names = List.of(path.split("/"));
    var last = names.isEmpty() ? "" : names.getLast();
    if (last.isEmpty() || last.equals(".") || last.equals("..")) {
      throw new FileSystemException(path, null, "not the name of a file in a directory");
    }
  }
}
