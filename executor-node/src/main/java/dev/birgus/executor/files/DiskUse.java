package dev.birgus.executor.files;

import java.io.IOException;
import java.nio.file.Path;

/** How much of a disk a tree takes. */
public final class DiskUse {

  /** Each level holds a descriptor; hardly a tree is deeper, and a little less is counted then. */
  private static final int DEEPEST = 200;

  private static final int BLOCK = 512;

  private DiskUse() {}

  /**
   * The bytes on the disk of a directory and all below it. Of a file with several links each has
   * its share. What may not be looked at is not counted.
   */
  public static long of(Path directory) throws IOException {
    var path = FileNames.encode(directory.toAbsolutePath().toString());
    return sum(Linux.AT_FDCWD, path, directory.toString(), 0);
  }

  private static long sum(int parent, byte[] name, String path, int depth) throws IOException {
    var flags = Linux.O_RDONLY | Linux.O_DIRECTORY | Linux.O_NOFOLLOW;
    var fd = Linux.open(parent, name, flags);
    if (fd == -Errno.EACCES || fd == -Errno.ENOENT) {
      return 0;
    }
    try (var directory = new OpenFile(LinuxFileSystem.check(fd, path))) {
      var sum = LinuxFileSystem.stat(fd, path).blocks() * BLOCK;
      for (var child : LinuxFileSystem.names(directory.fd(), path)) {
        sum += child(directory.fd(), child, path, depth);
      }
      return sum;
    }
  }

  private static long child(int parent, byte[] name, String path, int depth) throws IOException {
    var fd = Linux.open(parent, name, Linux.O_PATH | Linux.O_NOFOLLOW);
    if (fd == -Errno.ENOENT) {
      return 0;
    }
    Linux.Stat stat;
    try (var file = new OpenFile(LinuxFileSystem.check(fd, path))) {
      stat = LinuxFileSystem.stat(file.fd(), path);
    }
    if ((stat.mode() & LinuxFileSystem.TYPE) != LinuxFileSystem.DIRECTORY) {
      return stat.blocks() * BLOCK / Math.max(1, stat.links());
    }
    return depth < DEEPEST ? sum(parent, name, path, depth + 1) : 0;
  }
}
