package dev.birgus.planner.flow;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a desk works. Every number is of one pool of nodes.
 *
 * @param reuse how long a result is given to later builds; zero for not at all
 * @param mostResults how many are remembered at most; then the oldest goes
 * @param mostOrders how many stages may be asked for and unanswered; who asks for more is refused
 * @param mostStarts how often a stage is begun that takes its nodes down
 * @param nodeSilence after what time without a word a node does not count any more
 * @param lostAfter after what time a stage that no node has, though one could, is issued again; it
 *     has to be longer than the lease of a job
 */
public record DeskSettings(
    Duration reuse,
    int mostResults,
    int mostOrders,
    int mostStarts,
    Duration nodeSilence,
    Duration lostAfter) {

  /** Results live for an hour; a stage may take four nodes down. */
  public static final DeskSettings DEFAULT =
      new DeskSettings(
          Duration.ofHours(1), 10_000, 10_000, 4, Duration.ofSeconds(15), Duration.ofSeconds(60));

  public DeskSettings {
    requireNonNull(reuse, "reuse");
    requireNonNull(nodeSilence, "nodeSilence");
    requireNonNull(lostAfter, "lostAfter");
    if (reuse.isNegative() || !nodeSilence.isPositive() || !lostAfter.isPositive()) {
      throw new IllegalArgumentException("not a time to wait");
    }
    if (mostResults < 0 || mostOrders < 1 || mostStarts < 1) {
      throw new IllegalArgumentException("a desk needs room");
    }
  }

  /** Who was begun so often without an outcome may be who takes nodes down. */
  int suspicious() {
    return Math.max(2, mostStarts - 1);
  }

  /** How many starts count against a stage that may have been beside the one it was. */
  int leftAfterDoubt() {
    return Math.max(0, mostStarts - 2);
  }

  /** How long it is known which attempt of a stage was the last, whatever became of it. */
  Duration memory() {
    var least = Duration.ofHours(1);
    return reuse.compareTo(least) < 0 ? least : reuse;
  }
}
