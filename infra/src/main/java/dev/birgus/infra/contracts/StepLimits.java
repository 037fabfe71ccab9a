package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much of the machine one command of a build may use, it and all its descendants together.
 *
 * @param memory bytes, swap included where the node counts it; at least 1 MiB; empty for no limit
 * @param processes processes and threads at a time, at least 1; empty for no limit
 * @param time from its start to its end, more than nothing; empty for no limit
 */
public record StepLimits(OptionalLong memory, OptionalLong processes, Optional<Duration> time) {

  /** No limits. */
  public static final StepLimits NONE =
      new StepLimits(OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

  private static final long LEAST_MEMORY = 1024 * 1024;

  public StepLimits {
    requireNonNull(memory, "memory");
    requireNonNull(processes, "processes");
    requireNonNull(time, "time");
    if (memory.isPresent() && memory.getAsLong() < LEAST_MEMORY) {
      throw new IllegalArgumentException("less memory than 1 MiB: " + memory.getAsLong());
    }
    if (processes.isPresent() && processes.getAsLong() < 1) {
      throw new IllegalArgumentException("not even one process: " + processes.getAsLong());
    }
    if (time.isPresent() && !time.get().isPositive()) {
      throw new IllegalArgumentException("no time at all: " + time.get());
    }
  }
}
