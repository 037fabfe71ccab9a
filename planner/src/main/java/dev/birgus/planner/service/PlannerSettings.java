package dev.birgus.planner.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.planner.flow.DeskSettings;
import dev.birgus.planner.flow.FlowSettings;
import java.time.Duration;

/**
 * How the planner works.
 *
 * @param flow what builds may ask for and share
 * @param desk how stages are given to nodes
 * @param mostPlans how many plans are made at once, at least 1; further builds wait
 * @param memory how long a build that has ended is known, so that its request does nothing when it
 *     comes again; and how long a line on which nothing happens
 */
public record PlannerSettings(
    FlowSettings flow, DeskSettings desk, int mostPlans, Duration memory) {

  /** Builds may have anything; those that ended are known for a day. */
  public static final PlannerSettings DEFAULT =
      new PlannerSettings(FlowSettings.DEFAULT, DeskSettings.DEFAULT, 32, Duration.ofDays(1));

  public PlannerSettings {
    requireNonNull(flow, "flow");
    requireNonNull(desk, "desk");
    requireNonNull(memory, "memory");
    if (!memory.isPositive()) {
      throw new IllegalArgumentException("not a time to remember: " + memory);
    }
    if (mostPlans < 1) {
      throw new IllegalArgumentException("a planner makes a plan at a time: " + mostPlans);
    }
  }
}
