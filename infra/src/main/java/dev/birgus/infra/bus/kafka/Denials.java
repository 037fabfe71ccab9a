package dev.birgus.infra.bus.kafka;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * For how long a part of the bus bears that brokers do not let it in, or do not allow it something:
 * they say so, too, for moments in which they cannot look its user up, or in which its token is
 * renewed late. A part that was never let in is not kept waiting. Used by one thread.
 */
final class Denials {

  /** Denials in a row for so long are no hiccup. */
  static final Duration LIMIT = Duration.ofMinutes(5);

  /** Without a denial for so long a part was let in. Longer than the longest pause. */
  static final Duration QUIET = Duration.ofMinutes(2);

  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private final InstantSource clock;
  private Instant first;
  private Instant last;
  private Duration pause = SHORTEST_PAUSE;

  /** Of a part that begins now. */
  Denials(InstantSource clock) {
    this.clock = clock;
    this.last = clock.instant();
    this.first = last.minus(LIMIT);
  }

  /** Whether the part has failed for good by this: trying again is of no use. */
  boolean areOver(RuntimeException failed) {
    if (!KafkaFailures.isForGood(failed)) {
      return false;
    }
    if (!KafkaFailures.isDenied(failed)) {
      return true;
    }
    var now = clock.instant();
    if (last.plus(QUIET).isBefore(now)) {
      first = now;
      pause = SHORTEST_PAUSE;
    }
    last = now;
    return !now.isBefore(first.plus(LIMIT));
  }

  /** How long to wait before the next attempt after this failure, if it is a denial. */
  Duration pause(RuntimeException failed, Duration usual) {
    if (!KafkaFailures.isDenied(failed)) {
      return usual;
    }
    var now = pause;
    var twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    return now;
  }
}
