package dev.birgus.pusher.export;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file on its way to its place, under a name of its own beside it. It is locked while it is
 * written; what is not locked was left by a process that was killed, and the next that writes there
 * removes it.
 */
final class Draft implements Closeable {

  private static final String PREFIX = ".birgus-";
  private static final String SUFFIX = ".tmp";

  /** Those of this process: closing any channel to one would give up its lock. */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private Draft(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Makes one in a directory, and removes those nobody writes any more. */
  static Draft in(Path directory) throws IOException {
    removeLeftovers(directory);
    while (true) {
      var path = directory.resolve(PREFIX + UUID.randomUUID() + SUFFIX);
      OURS.add(path);
      try {
        var channel = FileChannel.open(path, CREATE_NEW, WRITE);
        lock(channel);
        // Somebody may have taken it for a leftover before it was locked.
        if (Files.exists(path)) {
          return new Draft(path, channel);
        }
        channel.close();
      } catch (IOException | RuntimeException failed) {
        OURS.remove(path);
        throw failed;
      }
      OURS.remove(path);
    }
  }

  /** Where files cannot be locked there is nobody to lock them against. */
  private static void lock(FileChannel channel) {
    try {
      var _ = channel.lock();
    } catch (IOException unsupported) {
      return;
    }
  }

  private static void removeLeftovers(Path directory) {
    try (var drafts = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
      for (var draft : drafts) {
        if (!OURS.contains(draft)) {
          removeUnlessLocked(draft);
        }
      }
    } catch (IOException | DirectoryIteratorException unreadable) {
      // A directory may be one to write to only.
      return;
    }
  }

  private static void removeUnlessLocked(Path draft) {
    try (var channel = FileChannel.open(draft, WRITE)) {
      if (channel.tryLock() != null) {
        Files.deleteIfExists(draft);
      }
    } catch (NoSuchFileException gone) {
      return;
    } catch (IOException | OverlappingFileLockException notOurs) {
      // Another's, or on a file system without locks: what we write does not depend on it.
      return;
    }
  }

  /** Takes what is written to the file. */
  OutputStream out() {
    return Channels.newOutputStream(channel);
  }

  /** Gives the file its place, and whatever was there goes. */
  void moveTo(Path target) throws IOException {
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes the file unless it was moved. */
  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(path);
    } finally {
      OURS.remove(path);
    }
  }
}
