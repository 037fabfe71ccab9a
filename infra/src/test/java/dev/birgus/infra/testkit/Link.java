package dev.birgus.infra.testkit;

import java.util.concurrent.TimeUnit;

/** One direction of a line that carries so many bytes a second, shared by all who send over it. */
final class Link {

  private final long bytesPerSecond;
  private long freeAt;

  /** A line; 0 bytes a second stand for one without a limit. */
  Link(long bytesPerSecond) {
    this(bytesPerSecond, System.nanoTime());
  }

  /** A line that is free from this time on, in nanoseconds. */
  Link(long bytesPerSecond, long freeAt) {
    this.bytesPerSecond = bytesPerSecond;
    this.freeAt = freeAt;
  }

  /** Returns when the line has carried so many bytes more. */
  void carry(int bytes) {
    if (bytesPerSecond <= 0) {
      return;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(reserve(bytes, System.nanoTime()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes the line for so many bytes, and says in how many nanoseconds it has carried them. */
  synchronized long reserve(int bytes, long now) {
    freeAt = Math.max(freeAt, now) + bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
    return freeAt - now;
  }
}
