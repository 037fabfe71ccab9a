package dev.birgus.executor.files;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * A working directory for one system call. What the call names by relative paths is short however
 * long the directory's path is; the process' other threads keep the directory they have.
 */
final class OwnDirectory {

  private static final int CLONE_FS = 0x200;

  private OwnDirectory() {}

  /** Calls in a directory, and gives what the call does or the negative error number. */
  static int call(byte[] directory, IntSupplier call) {
    var result = new AtomicInteger(-Errno.EINTR);
    // A thread that has left the others' directory is good for nothing else.
    var thread =
        Thread.ofPlatform()
            .name("birgus-directory")
            .start(() -> result.set(callHere(directory, call)));
    var interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return result.get();
  }

  private static int callHere(byte[] directory, IntSupplier call) {
    var left = Linux.unshare(CLONE_FS);
    var entered = left < 0 ? left : Linux.changeDirectory(directory);
    return entered < 0 ? entered : call.getAsInt();
  }
}
