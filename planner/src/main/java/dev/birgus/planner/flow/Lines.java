package dev.birgus.planner.flow;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.FramedKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides which builds are superseded: of the builds of one line only the newest goes on. Which is
 * the newest is said by the times they were requested at, whatever the order in which they become
 * known here; of equal times, by that order.
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

  /** What the line of this name of a tenant is kept under: others' lines are others. */
  static String key(String tenant, String line) {
    return new FramedKey("line-1").add(tenant).add(line).finish().hex();
  }

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
    var time = requested.orElse(now);
    if (line.requested().filter(time::isBefore).isPresent()) {
      return new Decision(line, Optional.of(superseded(build, line.seen().getLast())));
    }
    var seen = new ArrayList<>(line.seen());
    seen.add(build);
    var last = seen.subList(Math.max(0, seen.size() - REMEMBERED), seen.size());
    return new Decision(
        new Line(Optional.of(build), last, now, Optional.of(time)),
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
