package dev.birgus.executor.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The right to use something, held by an open lock file: by one alone or by several together,
 * whether they are threads or processes. The kernel takes it back when a process dies.
 */
public final class FolderLock implements AutoCloseable {

  private static final int LOCK_SH = 1;
  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;
  private static final long RETRY_MILLIS = 50;

  private final OpenFile file;

  private FolderLock(OpenFile file) {
    this.file = file;
  }

  /** How a lock is held. */
  public enum Mode {
    /** Together with others who share it. */
    SHARED,
    /** Alone. */
    ALONE
  }

  /** Waits for the right; the file is made if it is missing. */
  public static FolderLock take(Path file, Mode mode) throws IOException, InterruptedException {
    while (true) {
      var lock = tryTake(file, mode);
      if (lock.isPresent()) {
        return lock.get();
      }
      Thread.sleep(RETRY_MILLIS);
    }
  }

  /** Takes the right if it can be had at once. */
  public static Optional<FolderLock> tryTake(Path file, Mode mode) throws IOException {
    var path = FileNames.encode(file.toAbsolutePath().toString());
    var fd = Linux.open(Linux.AT_FDCWD, path, Linux.O_RDWR | Linux.O_CREAT | Linux.O_NOFOLLOW);
    var open = new OpenFile(LinuxFileSystem.check(fd, file.toString()));
    var result = Linux.lock(open.fd(), (mode == Mode.ALONE ? LOCK_EX : LOCK_SH) | LOCK_NB);
    if (result == 0) {
      return Optional.of(new FolderLock(open));
    }
    open.close();
    if (result != -Errno.EAGAIN) {
      LinuxFileSystem.check(result, file.toString());
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    file.close();
  }
}
