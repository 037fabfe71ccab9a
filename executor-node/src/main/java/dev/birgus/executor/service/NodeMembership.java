package dev.birgus.executor.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Scheduling;
import java.time.Duration;

/**
 * What a node is to the others.
 *
 * @param pool whose stages it runs: nodes of one platform and size
 * @param handsBack whether there may be others: a stage this node cannot bring to its end, for
 *     reasons that lie with the node, is handed back for them; else it has failed
 * @param logRate bytes of output a stage may print each second in the long run, before some are
 *     left out; 0 for no limit
 * @param leastSpace bytes the disk of the state folder must have free for the node to take stages;
 *     0 not to look
 * @param reports how often it says that it is there
 */
public record NodeMembership(
    String pool, boolean handsBack, long logRate, long leastSpace, Duration reports) {

  private static final Duration REPORTS = Duration.ofSeconds(3);
  private static final long LOG_RATE = 1L << 20;
  private static final long LEAST_SPACE = 64L << 20;

  /** The only node of a command. */
  public static final NodeMembership ALONE =
      new NodeMembership(Scheduling.DEFAULT_POOL, false, 0, 0, REPORTS);

  public NodeMembership {
    requireNonNull(pool, "pool");
    requireNonNull(reports, "reports");
    if (logRate < 0 || leastSpace < 0 || !reports.isPositive()) {
      throw new IllegalArgumentException(
          "a rate of logs of "
              + logRate
              + ", a least space of "
              + leastSpace
              + ", reports every "
              + reports);
    }
  }

  /** A node among others of this pool, of which nothing else was said. */
  public static NodeMembership of(String pool) {
    return new NodeMembership(pool, true, LOG_RATE, LEAST_SPACE, REPORTS);
  }
}
