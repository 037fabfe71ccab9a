package dev.birgus.planner.flow;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides which builds are superseded: of the builds of one line only the newest goes on. Of builds
 * that are announced as they are accepted, without a time, that is the last one announced: no clock
 * has a say. Where a time is given, because a request was found and not accepted by anybody, the
 * newest is said by the times, whatever the order in which they become known here; of equal times,
 * by that order.
 */
public final class Lines {

  /**
   * A build that was the newest of its line does not become it again when its event comes twice.
   */
  private static final int REMEMBERED = 32;

  private Lines() {}

  /**
   * What is known of a line.
   *
   * @param newest the build that goes on; empty when it has ended
   * @param seen builds that were the newest, the last ones
   * @param at when something happened to it
   * @param requested the latest time a build of it is said to have been requested at
   */
  public record Line(
      Optional<BuildId> newest, List<BuildId> seen, Instant at, Optional<Instant> requested) {

    /** A line nothing is known of. */
    static final Line NEW = new Line(Optional.empty(), List.of(), Instant.EPOCH, Optional.empty());

    public Line {
      seen = List.copyOf(seen);
    }

    /** The same, with the latest time a build of it was requested at. */
    Line at(Optional<Instant> time) {
      var latest = requested.filter(known -> time.filter(known::isBefore).isEmpty()).or(() -> time);
      return new Line(newest, seen, at, latest);
    }
  }

  /**
   * A line after an event.
   *
   * @param superseded the build that is wanted no more
   */
  public record Decision(Line line, Optional<Event.BuildCancelRequested> superseded) {}

  /** What an event means for a line. */
  public static Decision decide(Optional<Line> known, Event event, Instant now) {
    var line = known.orElse(Line.NEW);
    return switch (event) {
      case Event.LineAdvanced(var build, _, var requested) ->
          line.seen().contains(build)
              ? new Decision(line.at(requested), Optional.empty())
              : advanced(line, build, requested, now);
      case Event.BuildSucceeded(var build, _, _) -> ended(line, build, now);
      case Event.BuildFailed(var build, _) -> ended(line, build, now);
      case Event.BuildCancelled(var build, _) -> ended(line, build, now);
      default -> new Decision(line, Optional.empty());
    };
  }

  private static Decision advanced(
      Line line, BuildId build, Optional<Instant> requested, Instant now) {
    var seen = new ArrayList<>(line.seen());
    if (requested.isPresent() && line.requested().filter(requested.get()::isBefore).isPresent()) {
      // Remembered, too: it may be announced once more, without a time.
      var newer = seen.getLast();
      seen.add(seen.size() - 1, build);
      return new Decision(
          new Line(line.newest(), latest(seen), line.at(), line.requested()),
          Optional.of(superseded(build, newer)));
    }
    seen.add(build);
    return new Decision(
        new Line(Optional.of(build), latest(seen), now, line.requested()).at(requested),
        line.newest().map(older -> superseded(older, build)));
  }

  private static List<BuildId> latest(List<BuildId> seen) {
    return seen.subList(Math.max(0, seen.size() - REMEMBERED), seen.size());
  }

  private static Event.BuildCancelRequested superseded(BuildId older, BuildId newer) {
    return new Event.BuildCancelRequested(older, "superseded by build " + newer);
  }

  private static Decision ended(Line line, BuildId build, Instant now) {
    return new Decision(
        line.newest().filter(build::equals).isPresent()
            ? new Line(Optional.empty(), line.seen(), now, line.requested())
            : line,
        Optional.empty());
  }
}
