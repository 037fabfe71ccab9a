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
   * @param requested when the last that was the newest was requested
   */
  public record Line(
      Optional<BuildId> newest, List<BuildId> seen, Instant at, Optional<Instant> requested) {

    /** A line nothing is known of. */
    static final Line NEW = new Line(Optional.empty(), List.of(), Instant.EPOCH, Optional.empty());

    public Line {
      seen = List.copyOf(seen);
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
      case Event.LineAdvanced(var build, _, var requested) when !line.seen().contains(build) ->
          advanced(line, build, requested, now);
      case Event.BuildSucceeded(var build, _, _) -> ended(line, build, now);
      case Event.BuildFailed(var build, _) -> ended(line, build, now);
      case Event.BuildCancelled(var build, _) -> ended(line, build, now);
      default -> new Decision(line, Optional.empty());
    };
  }

  private static Decision advanced(
      Line line, BuildId build, Optional<Instant> requested, Instant now) {
    if (requested.isPresent() && line.requested().filter(requested.get()::isBefore).isPresent()) {
      return new Decision(line, Optional.of(superseded(build, line.seen().getLast())));
    }
    var seen = new ArrayList<>(line.seen());
    seen.add(build);
    var last = seen.subList(Math.max(0, seen.size() - REMEMBERED), seen.size());
    var time = requested.orElse(now);
    var latest = line.requested().filter(time::isBefore).orElse(time);
    return new Decision(
        new Line(Optional.of(build), last, now, Optional.of(latest)),
        line.newest().map(older -> superseded(older, build)));
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
