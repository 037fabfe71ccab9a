package dev.birgus.executor.files;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Copies the content of files: shared blocks where possible, else in the kernel, else by hand. */
final class FileCopy {

  private static final int SMALL = 512;
  private static final int SEEK_SET = 0;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  /** Pairs of devices that do not share blocks: asking once is enough. */
  private final Set<String> unshared = ConcurrentHashMap.newKeySet();

  void copy(int from, int to, String path) throws IOException {
    var source = LinuxFileSystem.stat(from, path);
    var pair = source.device() + ":" + LinuxFileSystem.stat(to, path).device();
    if (!unshared.contains(pair)) {
      var cloned = Linux.cloneFile(from, to);
      if (cloned >= 0) {
        return;
      }
      unshared.add(pair);
    }
    var isSparse = source.blocks() * 512 < source.size();
    if (isSparse) {
      copyData(from, to, source.size(), path);
    } else if (source.size() > 0) {
      copyAll(from, to, source.size(), path);
    } else {
      // Empty, or of a kernel's file system that does not know its sizes.
      copyByHand(from, to, Long.MAX_VALUE, SMALL, path);
    }
  }

  /** Copies what lies between the holes. */
  private static void copyData(int from, int to, long size, String path) throws IOException {
    for (long at = 0; at < size; ) {
      var data = Linux.seek(from, at, SEEK_DATA);
      if (data == -Errno.ENXIO) {
        break;
      }
      var start = data < 0 ? at : data;
      var hole = Linux.seek(from, start, SEEK_HOLE);
      var end = hole < 0 ? size : hole;
      check(Linux.seek(from, start, SEEK_SET), path);
      check(Linux.seek(to, start, SEEK_SET), path);
      copyAll(from, to, end - start, path);
      at = end;
    }
    check(Linux.truncate(to, size), path);
  }

  private static void copyAll(int from, int to, long length, String path) throws IOException {
    var left = length;
    while (left > 0) {
      var copied = Linux.copyRange(from, to, Math.min(left, 1 << 30));
      if (copied <= 0) {
        if (copied == -Errno.ENOSPC) {
          throw Errno.exception(copied, path);
        }
        // Not between these file systems, or at the end: reading finds out which.
        copyByHand(from, to, left, Scratch.DATA, path);
        return;
      }
      left -= copied;
    }
  }

  private static void copyByHand(int from, int to, long length, int atOnce, String path)
      throws IOException {
    var left = length;
    var buffer = new byte[(int) Math.min(left, atOnce)];
    while (left > 0) {
      var read = Linux.read(from, buffer, 0, (int) Math.min(left, buffer.length));
      check(read, path);
      if (read == 0) {
        return;
      }
      writeAll(to, buffer, 0, read, path);
      left -= read;
    }
  }

  static void writeAll(int fd, byte[] bytes, int offset, int length, String path)
      throws IOException {
    for (var done = 0; done < length; ) {
      var written = Linux.write(fd, bytes, offset + done, length - done);
      check(written, path);
      done += written;
    }
  }

  private static void check(long result, String path) throws IOException {
    if (result < 0) {
      throw Errno.exception(result, path);
    }
  }
}
