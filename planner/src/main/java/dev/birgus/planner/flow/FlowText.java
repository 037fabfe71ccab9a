package dev.birgus.planner.flow;

import java.time.Duration;
import java.util.Locale;

/** Values in the words of messages. */
final class FlowText {

  private FlowText() {}

  /** A duration as people write it: {@code 1h 5m}, {@code 90s} as {@code 1m 30s}. */
  static String of(Duration time) {
    var text = time.toString().substring(2).toLowerCase(Locale.ROOT);
    return text.replaceAll("([hm])(?=.)", "$1 ");
  }
}
