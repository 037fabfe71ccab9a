package dev.birgus.pusher.service;

import java.time.Duration;

/** Waiting for a thread that cannot be left to itself. */
final class Patient {

  private Patient() {}

  /**
   * Waits for its end whatever happens to us, but not for longer than this; whether it has ended.
   * An interrupt is the caller's again in the end.
   */
  static boolean joined(Thread thread, Duration limit) {
    var until = System.nanoTime() + limit.toNanos();
    var interrupted = false;
    try {
      while (true) {
        var left = Duration.ofNanos(until - System.nanoTime());
        try {
          return thread.join(left.isPositive() ? left : Duration.ZERO);
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
