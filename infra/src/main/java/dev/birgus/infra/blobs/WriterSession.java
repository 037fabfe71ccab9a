package dev.birgus.infra.blobs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A directory for what one store of one process is writing. A lock on a file in it tells other
 * processes that the writer lives; the kernel gives it back however the process ends, also across
 * containers, where process ids say nothing.
 */
final class WriterSession implements AutoCloseable {

  private static final String LOCK = "lock";

  private final Path directory;
  private final FileChannel lock;

  private WriterSession(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /** Clears the sessions of dead processes away and begins a new one. */
  static WriterSession begin(Path sessions) throws IOException {
    Files.createDirectories(sessions);
    // File locks hold for a whole JVM, so its threads are kept apart by a monitor.
    synchronized (WriterSession.class) {
      try (var door = openLock(sessions.resolve(LOCK));
          var _ = door.lock()) {
        removeDead(sessions);
        var directory = sessions.resolve(ownPrefix() + UUID.randomUUID());
        Files.createDirectory(directory);
        var channel = openLock(directory.resolve(LOCK));
        if (channel.tryLock() == null) {
          channel.close();
          throw new IOException("cannot lock " + directory);
        }
        return new WriterSession(directory, channel);
      }
    }
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() throws IOException {
    lock.close();
    removeTree(directory);
  }

  private static FileChannel openLock(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /**
   * Marks the sessions of this process. To open the lock file of one of them again, and close it,
   * would give the lock back: POSIX locks belong to the process, not to the open file.
   */
  private static String ownPrefix() {
    var self = ProcessHandle.current();
    var started = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return self.pid() + "-" + started + "-";
  }

  private static void removeDead(Path sessions) throws IOException {
    var own = ownPrefix();
    try (var entries = Files.newDirectoryStream(sessions, Files::isDirectory)) {
      for (var entry : entries) {
        if (!String.valueOf(entry.getFileName()).startsWith(own) && isDead(entry)) {
          removeTree(entry);
        }
      }
    }
  }

  private static boolean isDead(Path session) throws IOException {
    try (var channel = openLock(session.resolve(LOCK));
        @Nullable FileLock free = channel.tryLock()) {
      return free != null;
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  private static void removeTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
