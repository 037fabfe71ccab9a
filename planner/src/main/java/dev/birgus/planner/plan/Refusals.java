package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.SourceLocation;
import java.util.ArrayList;
import java.util.List;

/** The failures of this room that several classes need, and how several become one. */
public final class Refusals {

  /** So many fit on a screen; who has more repairs these first. */
  private static final int MAX_OTHERS = 18;

  /** How lines begin that tell of other mistakes than the first. */
  static final String OTHER = "also ";

  private Refusals() {}

  /**
   * One failure that tells of all: the first, with a line for each of the others in its output.
   *
   * @param failures at least one
   */
  public static Failure joined(List<Failure> failures) {
    var first = failures.getFirst();
    if (failures.size() == 1) {
      return first;
    }
    var lines = new ArrayList<>(first.output());
    for (var other : failures.subList(1, Math.min(failures.size(), 1 + MAX_OTHERS))) {
      var place = other.at().map(at -> at + ": ").orElse("");
      var advice = other.advice().isEmpty() ? "" : " (" + other.advice() + ")";
      lines.add(OTHER + place + other.message() + advice);
    }
    if (failures.size() > 1 + MAX_OTHERS) {
      lines.add(OTHER + (failures.size() - 1 - MAX_OTHERS) + " other mistakes");
    }
    return new Failure(
        first.name(), first.message(), first.advice(), first.at(), first.exitCode(), lines);
  }

  static Failure notSupportedYet(String what, String advice, SourceLocation at) {
    return Failure.of("not-supported-yet", what + " is not supported yet", advice).in(at);
  }

  static Failure invalid(String name, String message, String advice, SourceLocation at) {
    return Failure.of(name, message, advice).in(at);
  }
}
