package dev.birgus.executor.layer;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to make one layer, among the threads of this process and all processes of the node. The
 * kernel takes it back when a process dies, whatever kills it.
 */
final class LayerLock implements AutoCloseable {

  private static final long RETRY_MILLIS = 20;

  /**
   * The threads' part of each lock, by its file. Closing any channel to a file gives up the
   * process' lock of it, so no two threads may have one open.
   */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock threads;
  private final FileChannel channel;

  private LayerLock(ReentrantLock threads, FileChannel channel) {
    this.threads = threads;
    this.channel = channel;
  }

  private static ReentrantLock threads(Path file) {
    return THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), _ -> new ReentrantLock());
  }

  /** Waits for the right. */
  static LayerLock take(Path file) throws IOException {
    var threads = threads(file);
    try {
      threads.lockInterruptibly();
    } catch (InterruptedException e) {
      throw interrupted();
    }
    FileChannel channel = null;
    try {
      channel = open(file);
      while (lock(channel).isEmpty()) {
        Thread.sleep(RETRY_MILLIS);
      }
      return new LayerLock(threads, channel);
    } catch (InterruptedException e) {
      channel.close();
      threads.unlock();
      throw interrupted();
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      threads.unlock();
      throw e;
    }
  }

  /** Takes the right if nobody has it. */
  static Optional<LayerLock> tryTake(Path file) throws IOException {
    var threads = threads(file);
    if (threads.isHeldByCurrentThread() || !threads.tryLock()) {
      return Optional.empty();
    }
    FileChannel channel = null;
    var taken = false;
    try {
      channel = open(file);
      taken = channel.tryLock() != null;
      return taken ? Optional.of(new LayerLock(threads, channel)) : Optional.empty();
    } catch (OverlappingFileLockException held) {
      return Optional.empty();
    } finally {
      if (!taken) {
        if (channel != null) {
          channel.close();
        }
        threads.unlock();
      }
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Waits for other processes; another store of this one can only be asked again. */
  private static Optional<FileLock> lock(FileChannel channel) throws IOException {
    try {
      return Optional.of(channel.lock());
    } catch (OverlappingFileLockException held) {
      return Optional.empty();
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while waiting for a layer");
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      threads.unlock();
    }
  }
}
