package dev.birgus.executor.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Removes a tree without following a link, however deep it is: it goes from directory to directory
 * by descriptor, so neither paths nor the call stack grow with the depth.
 */
final class TreeRemover {

  /** Levels of which the descriptor is kept; the ones above are found again through "..". */
  private static final int OPEN_LEVELS = 64;

  private final String path;
  private final List<Level> levels = new ArrayList<>();

  TreeRemover(String path) {
    this.path = path;
  }

  private static final class Level {
    final byte[] name;
    final Iterator<byte[]> children;
    final long device;
    final long inode;
    int fd;

    Level(byte[] name, int fd, Linux.Stat stat, List<byte[]> children) {
      this.name = name;
      this.fd = fd;
      this.device = stat.device();
      this.inode = stat.inode();
      this.children = children.iterator();
    }
  }

  void remove(int parent, byte[] name) throws IOException {
    if (removeFile(parent, name)) {
      return;
    }
    try {
      enter(parent, name);
      while (!levels.isEmpty()) {
        var level = levels.getLast();
        if (level.children.hasNext()) {
          var child = level.children.next();
          if (!removeFile(level.fd, child)) {
            enter(level.fd, child);
          }
        } else {
          leave(parent);
        }
      }
    } finally {
      levels.forEach(level -> Linux.close(level.fd));
    }
  }

  /** Whether it is gone now; if not it is a directory. */
  private boolean removeFile(int parent, byte[] name) throws IOException {
    var result = Linux.unlink(parent, name, false);
    if (result == -Errno.EISDIR) {
      return false;
    }
    if (result != -Errno.ENOENT) {
      LinuxFileSystem.check(result, path);
    }
    return true;
  }

  private void enter(int parent, byte[] name) throws IOException {
    var flags = Linux.O_RDONLY | Linux.O_DIRECTORY | Linux.O_NOFOLLOW;
    var fd = Linux.open(parent, name, flags);
    if (fd == -Errno.EACCES) {
      Linux.changeModeOf(parent, name, 0700);
      fd = Linux.open(parent, name, flags);
    }
    LinuxFileSystem.check(fd, path);
    try {
      var children = LinuxFileSystem.names(fd, path);
      levels.add(new Level(name, fd, LinuxFileSystem.stat(fd, path), children));
    } catch (IOException e) {
      Linux.close(fd);
      throw e;
    }
    var far = levels.size() - OPEN_LEVELS;
    if (far > 1) {
      Linux.close(levels.get(far).fd);
      levels.get(far).fd = -1;
    }
  }

  private void leave(int top) throws IOException {
    var done = levels.removeLast();
    try {
      if (!levels.isEmpty() && levels.getLast().fd < 0) {
        reopen(levels.getLast(), done.fd);
      }
      var parent = levels.isEmpty() ? top : levels.getLast().fd;
      LinuxFileSystem.check(Linux.unlink(parent, done.name, true), path);
    } finally {
      Linux.close(done.fd);
    }
  }

  private void reopen(Level level, int child) throws IOException {
    var fd = Linux.open(child, new byte[] {'.', '.'}, Linux.O_RDONLY | Linux.O_DIRECTORY);
    level.fd = LinuxFileSystem.check(fd, path);
    var stat = LinuxFileSystem.stat(fd, path);
    if (stat.inode() != level.inode || stat.device() != level.device) {
      throw new FileSystemException(path, null, "the tree was moved while it was removed");
    }
  }
}
