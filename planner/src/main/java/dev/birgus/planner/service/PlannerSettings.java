package dev.birgus.planner.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.planner.flow.DeskSettings;
import java.time.Duration;

/**
 * How the planner works.
 *
 * @param desk how stages are given to nodes
 * @param memory how long a build that has ended is known, so that its request does nothing when it
 *     comes again; and how long a line on which nothing happens
 */
public record PlannerSettings(DeskSettings desk, Duration memory) {

  /** Builds that ended are known for a day. */
  public static final PlannerSettings DEFAULT =
      new PlannerSettings(DeskSettings.DEFAULT, Duration.ofDays(1));

  public PlannerSettings {
    requireNonNull(desk, "desk");
    requireNonNull(memory, "memory");
    if (!memory.isPositive()) {
      throw new IllegalArgumentException("not a time to remember: " + memory);
    }
  }
}
