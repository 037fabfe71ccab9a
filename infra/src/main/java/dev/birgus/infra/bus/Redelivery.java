package dev.birgus.infra.bus;

import java.time.Duration;

/** How often a bus gives a job to workers, and when again after one that threw. */
public final class Redelivery {

  /**
   * The most deliveries of one job, which is the most Kafka's brokers allow. After that it is
   * nobody's any more; a worker comes to an end with a job before.
   */
  public static final int MOST = 10;

  private static final Duration LONGEST = Duration.ofMinutes(1);

  private Redelivery() {}

  /**
   * How long a job waits after its worker has thrown: a second at first, each time twice as long,
   * up to a minute.
   *
   * @param delivery the one that ended so, at least 1
   */
  public static Duration pause(int delivery) {
    if (delivery < 1) {
      throw new IllegalArgumentException("deliveries are counted from 1: " + delivery);
    }
    var pause = Duration.ofSeconds(1L << Math.min(delivery - 1, 6));
    return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
  }
}
