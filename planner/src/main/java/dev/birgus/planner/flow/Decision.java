package dev.birgus.planner.flow;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The state after an event, and what has to be done now.
 *
 * @param commands in order
 */
public record Decision(BuildState state, List<Command> commands) {

  public Decision {
    requireNonNull(state, "state");
    commands = List.copyOf(commands);
  }

  /** Nothing changes. */
  static Decision stay(BuildState state) {
    return new Decision(state, List.of());
  }

  static Decision to(BuildState state, Command... commands) {
    return new Decision(state, List.of(commands));
  }
}
