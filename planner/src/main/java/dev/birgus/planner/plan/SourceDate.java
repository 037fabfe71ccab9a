package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.planner.syntax.Excerpt;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The time of everything new, as SOURCE_DATE_EPOCH says it: the build argument, or an ARG before
 * the first FROM.
 */
final class SourceDate {

  private SourceDate() {}

  /**
   * That time; empty if none is given.
   *
   * @param warnings gets what should be said about it
   * @throws dev.birgus.infra.contracts.FailureException if the value is no number of seconds
   */
  static Optional<Instant> of(Draft draft, Map<String, String> globals, List<Finding> warnings) {
    var name = Globals.SOURCE_DATE_EPOCH;
    var value = draft.request().arguments().getOrDefault(name, globals.getOrDefault(name, ""));
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.equals("context")) {
      warnings.add(
          new Finding(
              "no-source-date",
              name + "=context has no effect: the build context has no time of its own",
              Optional.empty()));
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.ofEpochSecond(Long.parseLong(value)));
    } catch (NumberFormatException | DateTimeException notANumber) {
      throw Failure.of(
              "invalid-source-date",
              name + "=" + Excerpt.of(value) + " is not a number of seconds since 1970",
              "give a number; the time of a stage or a named context cannot be taken")
          .toException(notANumber);
    }
  }
}
