package dev.birgus.cli.progress;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** What is known of one step of a stage. */
final class StepState {

  private static final int KEPT_LINES = 20;

  private final int index;
  private final String text;
  private final LineBuffer standardOutput = new LineBuffer();
  private final LineBuffer standardError = new LineBuffer();
  private final Deque<String> last = new ArrayDeque<>();
  private Optional<Instant> started = Optional.empty();
  private Optional<Duration> took = Optional.empty();

  StepState(int index, String text) {
    this.index = index;
    this.text = text;
  }

  /** Its place in the stage, from 0. */
  int index() {
    return index;
  }

  /** The instruction on one line. */
  String text() {
    return text;
  }

  boolean isStarted() {
    return started.isPresent();
  }

  boolean isRunning() {
    return started.isPresent() && took.isEmpty();
  }

  boolean isFinished() {
    return took.isPresent();
  }

  void start(Instant now) {
    started = Optional.of(now);
  }

  void finish(Duration duration) {
    took = Optional.of(duration);
  }

  /** How long it has been running, or how long it took. */
  Duration elapsed(Instant now) {
    return took.orElseGet(() -> Duration.between(started.orElse(now), now));
  }

  /** Takes what was printed and gives the lines it ends. */
  List<String> print(boolean error, String printed) {
    return keep((error ? standardError : standardOutput).add(printed));
  }

  /** The line it did not end. */
  List<String> rest(boolean error) {
    return keep((error ? standardError : standardOutput).rest());
  }

  /** The last lines it printed. */
  List<String> lastLines() {
    return List.copyOf(last);
  }

  private List<String> keep(List<String> lines) {
    for (var line : lines) {
      if (last.size() == KEPT_LINES) {
        last.removeFirst();
      }
      last.addLast(line);
    }
    return lines;
  }
}
