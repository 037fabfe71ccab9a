package dev.birgus.executor.service;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Keeps what a stage prints within a rate: what is more is left out, and that something was is said
 * at its place. Not for several threads at once.
 */
final class LogValve {

  /** For how long a stage may print faster than the rate, in seconds of the rate. */
  private static final int BURST = 8;

  private final long rate;
  private final InstantSource clock;
  private long allowed;
  private long leftOut;
  private Instant last;

  /**
   * A valve.
   *
   * @param rate characters each second; 0 for no limit
   */
  LogValve(long rate, InstantSource clock) {
    this.rate = rate;
    this.clock = clock;
    this.allowed = rate * BURST;
    this.last = clock.instant();
  }

  /** What is to be published instead of a text; empty for nothing. */
  String pass(String text) {
    if (rate == 0) {
      return text;
    }
    refill();
    if (allowed < text.length()) {
      leftOut += text.length();
      return "";
    }
    allowed -= text.length();
    return gap() + text;
  }

  /** What is still to be said when a step has ended; empty for nothing. */
  String gap() {
    if (leftOut == 0) {
      return "";
    }
    var told =
        "\n[birgus: "
            + leftOut
            + " characters of output are left out here; a stage may print "
            + rate
            + " each second]\n";
    leftOut = 0;
    return told;
  }

  private void refill() {
    var now = clock.instant();
    var passed = Math.max(0, Duration.between(last, now).toMillis());
    var more = rate * Math.min(passed, BURST * 1000L) / 1000;
    if (more > 0) {
      allowed = Math.min(rate * BURST, allowed + more);
      last = now;
    }
  }
}
