package dev.birgus.infra.testkit;

import java.util.concurrent.TimeUnit;

/** One direction of a line that carries so many bytes a second, shared by all who send over it. */
final class Link {

  private final long bytesPerSecond;
  private long freeAt = System.nanoTime();

  /** A line; 0 bytes a second stand for one without a limit. */
  Link(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Returns when the line has carried so many bytes more. */
  void carry(int bytes) {
    if (bytesPerSecond <= 0) {
      return;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(reserve(bytes));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized long reserve(int bytes) {
    var now = System.nanoTime();
    freeAt = Math.max(freeAt, now) + bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
    return freeAt - now;
  }
}
