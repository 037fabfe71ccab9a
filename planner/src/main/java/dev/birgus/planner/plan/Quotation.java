package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.BuildRequest.Dockerfile;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.SourceLocation;
import java.util.ArrayList;
import java.util.List;

/** Puts the lines of a Dockerfile a failure is about before what else it has to show. */
public final class Quotation {

  /** So many lines of a long instruction are enough to know it again. */
  private static final int MAX_LINES = 5;

  private static final int MAX_LENGTH = 200;

  private Quotation() {}

  /** The failure with its lines, if it has a place in this Dockerfile and shows nothing yet. */
  public static Failure in(Dockerfile dockerfile, Failure failure) {
    var at = failure.at();
    if (at.isEmpty() || !at.get().file().equals(dockerfile.name()) || showsMore(failure)) {
      return failure;
    }
    var shown = lines(dockerfile.text(), at.get());
    shown.addAll(failure.output());
    return new Failure(
        failure.name(),
        failure.message(),
        failure.advice(),
        failure.at(),
        failure.exitCode(),
        shown);
  }

  /** Whether there is more in its output than the other mistakes. */
  private static boolean showsMore(Failure failure) {
    return !failure.output().stream().allMatch(line -> line.startsWith(Refusals.OTHER));
  }

  private static List<String> lines(String text, SourceLocation place) {
    var count = Math.min(MAX_LINES, place.endLine() - place.line() + 1);
    var lines = new ArrayList<String>();
    text.lines().skip(place.line() - 1L).limit(count).map(Quotation::cut).forEach(lines::add);
    return lines;
  }

  private static String cut(String line) {
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
  }
}
