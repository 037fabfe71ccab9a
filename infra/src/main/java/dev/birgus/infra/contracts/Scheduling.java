package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * When and where a build runs. Nothing here changes what comes out of it.
 *
 * @param tenant on whose account it runs; slots are shared out fairly among tenants
 * @param priority from -100 to 100; what has more goes first, among all tenants, in nine turns of
 *     ten
 * @param line what it is a build of, a branch for example: a newer build of the same line of the
 *     same tenant ends it
 * @param timeLimit from its request to its end; empty for none
 * @param pool the nodes its stages run on
 * @param shared whether stages that are equal to those of other builds are run once for all of them
 */
public record Scheduling(
    String tenant,
    int priority,
    Optional<String> line,
    Optional<Duration> timeLimit,
    String pool,
    boolean shared) {

  /** The pool of nodes nobody gave another name. */
  public static final String DEFAULT_POOL = "default";

  /** As a build runs of which nothing special was said. */
  public static final Scheduling DEFAULT =
      new Scheduling("", 0, Optional.empty(), Optional.empty(), DEFAULT_POOL, true);

  private static final int MOST = 100;
  private static final String NAME = "[A-Za-z0-9._-]{1,64}";

  public Scheduling {
    requireNonNull(tenant, "tenant");
    requireNonNull(line, "line");
    requireNonNull(timeLimit, "timeLimit");
    if (priority < -MOST || priority > MOST) {
      throw new IllegalArgumentException("priorities go from -100 to 100: " + priority);
    }
    if (!pool.matches(NAME)) {
      throw new IllegalArgumentException(
          "a pool's name has letters, digits, dots, dashes and underscores, at most 64: " + pool);
    }
    if (timeLimit.filter(limit -> limit.isNegative() || limit.isZero()).isPresent()) {
      throw new IllegalArgumentException("a build needs time: " + timeLimit.get());
    }
  }

  /** What the line is kept under, if there is one: the same line of another tenant is another. */
  public Optional<String> lineKey() {
    return line.map(name -> new FramedKey("line-1").add(tenant).add(name).finish().hex());
  }

  /** The same, but what is run is run for this build alone. */
  public Scheduling alone() {
    return new Scheduling(tenant, priority, line, timeLimit, pool, false);
  }
}
