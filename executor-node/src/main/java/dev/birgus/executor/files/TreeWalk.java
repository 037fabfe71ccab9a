package dev.birgus.executor.files;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.birgus.executor.snapshot.ScannedFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A walk through all that is below a directory: a directory before what is in it, the names of each
 * in the order of their bytes. It follows no link, and makes no object for a file: this is the file
 * it is at.
 *
 * <p>It blocks on system calls, two for a file and four for a directory more: use a platform
 * thread. The tree must not change meanwhile.
 */
public final class TreeWalk implements ScannedFile, AutoCloseable {

  private static final int STAT_SIZE = 256;
  private static final int STATX_BTIME = 0x800;
  private static final long MOUNT_ROOT = 0x2000;
  private static final int SOCKET = 0140000;
  private static final long SECOND = 1_000_000_000L;

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment stat = arena.allocate(STAT_SIZE, 8);
  private final String root;
  private final KeptPlaces kept;
  private final List<Level> levels = new ArrayList<>();
  private int depth;
  private boolean enter;
  private int type;
  private int start;
  private int length;
  private long latest = Long.MIN_VALUE;

  /** A directory the walk is in. */
  private static final class Level {
    final DirectoryNames names = new DirectoryNames();
    int fd = -1;
    int next;

    /** Whether a name in it may be a place that is kept. */
    boolean leads;
  }

  private TreeWalk(String root, KeptPlaces kept) {
    this.root = root;
    this.kept = kept;
  }

  /** Begins a walk; the directory itself is not one of its files. */
  public static TreeWalk of(Path root) throws IOException {
    return of(root, KeptPlaces.NONE);
  }

  /** Begins a walk that passes by what is kept. */
  public static TreeWalk of(Path root, KeptPlaces kept) throws IOException {
    var walk = new TreeWalk(root.toString(), kept);
    var path = FileNames.encode(root.toAbsolutePath().toString());
    var fd = Linux.open(Linux.AT_FDCWD, path, Linux.O_RDONLY | Linux.O_DIRECTORY);
    walk.enter(LinuxFileSystem.check(fd, root.toString()));
    return walk;
  }

  /** Goes on to the next file, if there is one. */
  public boolean next() throws IOException {
    if (enter) {
      enter = false;
      var level = levels.get(depth - 1);
      var fd = Linux.openDirectoryAt(level.fd, level.names.address(level.next - 1));
      if (fd < 0) {
        throw failure(fd);
      }
      enter(fd);
    }
    while (depth > 0) {
      var level = levels.get(depth - 1);
      if (level.next == level.names.count()) {
        leave();
      } else if (isKept(level)) {
        level.next++;
      } else {
        look(level);
        return true;
      }
    }
    return false;
  }

  private boolean isKept(Level level) {
    if (!level.leads) {
      return false;
    }
    level.next++;
    var isKept = kept.keeps(relative());
    level.next--;
    return isKept;
  }

  private void enter(int fd) throws IOException {
    var leads =
        depth == 0 ? !kept.isEmpty() : levels.get(depth - 1).leads && kept.leadsTo(relative());
    if (levels.size() == depth) {
      levels.add(new Level());
    }
    var level = levels.get(depth++);
    level.fd = fd;
    level.next = 0;
    level.leads = leads;
    level.names.read(fd, this);
  }

  private void leave() {
    var level = levels.get(--depth);
    Linux.close(level.fd);
    level.fd = -1;
  }

  private void look(Level level) throws IOException {
    var index = level.next++;
    start = level.names.start(index);
    length = level.names.length(index);
    var result = Linux.statAt(level.fd, level.names.address(index), stat);
    if (result < 0) {
      throw failure(result);
    }
    type = stat.get(JAVA_SHORT, 28) & LinuxFileSystem.TYPE;
    latest = Math.max(latest, changed());
    if ((stat.get(JAVA_LONG, 8) & MOUNT_ROOT) != 0) {
      throw new FileSystemException(path(), null, "something is mounted here");
    }
    enter = type == LinuxFileSystem.DIRECTORY;
  }

  FileSystemException failure(int result) {
    return Errno.exception(result, path());
  }

  private String path() {
    var text = new StringBuilder(root);
    for (var i = 0; i < depth; i++) {
      var level = levels.get(i);
      if (level.next > 0) {
        var index = level.next - 1;
        text.append('/')
            .append(
                FileNames.decode(
                    level.names.bytes(), level.names.start(index), level.names.length(index)));
      }
    }
    return text.toString();
  }

  /** How many names the file has, if it is a regular one; else 0. */
  public long links() {
    return type == LinuxFileSystem.REGULAR ? stat.get(JAVA_INT, 16) & 0xffffffffL : 0;
  }

  /** The size of what is no directory, bytes. */
  public long size() {
    return stat.get(JAVA_LONG, 40);
  }

  /** The path of the file, relative to the root. */
  public String relative() {
    return path().substring(root.length() + 1);
  }

  /** The latest {@link #changed} of all files so far, {@link Long#MIN_VALUE} of none. */
  public long latest() {
    return latest;
  }

  @Override
  public Kind kind() {
    return switch (type) {
      case LinuxFileSystem.DIRECTORY -> Kind.DIRECTORY;
      case SOCKET -> Kind.SOCKET;
      default -> Kind.OTHER;
    };
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public byte[] names() {
    return levels.get(depth - 1).names.bytes();
  }

  @Override
  public int nameStart() {
    return start;
  }

  @Override
  public int nameLength() {
    return length;
  }

  /**
   * The inode; of a directory its time of birth, where the file system knows it: an overlay may
   * give a directory another inode each time it is looked up, and inodes are used again.
   */
  @Override
  public long identity() {
    if (type == LinuxFileSystem.DIRECTORY && (stat.get(JAVA_INT, 0) & STATX_BTIME) != 0) {
      return time(80);
    }
    return stat.get(JAVA_LONG, 32);
  }

  @Override
  public long changed() {
    return time(96);
  }

  @Override
  public long attributes() {
    var hash = mixed(0, stat.get(JAVA_SHORT, 28) & 0xffff);
    hash = mixed(hash, pair(20, 24));
    hash = mixed(hash, time(112));
    hash = mixed(hash, pair(128, 132));
    return type == LinuxFileSystem.DIRECTORY ? hash : mixed(hash, stat.get(JAVA_LONG, 40));
  }

  private long pair(int high, int low) {
    return ((long) stat.get(JAVA_INT, high) << 32) | (stat.get(JAVA_INT, low) & 0xffffffffL);
  }

  private long time(int at) {
    return stat.get(JAVA_LONG, at) * SECOND + stat.get(JAVA_INT, at + 8);
  }

  private static long mixed(long hash, long value) {
    var mixed = (hash ^ value) * 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xd6e8feb86659fd93L;
    return mixed ^ (mixed >>> 29);
  }

  @Override
  public void close() {
    while (depth > 0) {
      leave();
    }
  }
}
