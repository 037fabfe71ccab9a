package dev.birgus.planner.plan;

import dev.birgus.planner.instruct.Instruction;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The {@code created_by} texts of an image's history, as BuildKit writes them but without naming a
 * product.
 */
final class History {

  private History() {}

  static String run(List<String> command, Map<String, String> arguments) {
    var text = new StringJoiner(" ");
    text.add("RUN");
    if (!arguments.isEmpty()) {
      text.add("|" + arguments.size());
      arguments.forEach((name, value) -> text.add(name + "=" + value));
    }
    command.forEach(text::add);
    return text.toString();
  }

  static String assignments(String instruction, List<Instruction.Assignment> assignments) {
    var text = new StringJoiner(" ");
    text.add(instruction);
    assignments.forEach(assignment -> text.add(assignment.name() + "=" + assignment.value()));
    return text.toString();
  }

  /** As Go's {@code %+v} does a structure: {@code HEALTHCHECK {Test:[NONE] Interval:0s …}}. */
  static String healthcheck(Instruction.Healthcheck check) {
    return "HEALTHCHECK {Test:["
        + String.join(" ", ContainerSettings.test(check))
        + "]"
        + " Interval:"
        + duration(check.interval())
        + " Timeout:"
        + duration(check.timeout())
        + " StartPeriod:"
        + duration(check.startPeriod())
        + " StartInterval:"
        + duration(check.startInterval())
        + " Retries:"
        + check.retries()
        + "}";
  }

  /** As Go writes a duration: {@code 1h0m0s}, {@code 1m30s}, {@code 1.5s}, {@code 100ms}. */
  static String duration(long nanoseconds) {
    if (nanoseconds < 1_000_000_000) {
      return shortDuration(nanoseconds);
    }
    var seconds = nanoseconds / 1_000_000_000;
    var text = new StringBuilder();
    if (seconds >= 3600) {
      text.append(seconds / 3600).append('h');
    }
    if (seconds >= 60) {
      text.append(seconds / 60 % 60).append('m');
    }
    var rest = nanoseconds % 60_000_000_000L;
    return text.append(decimal(rest, 9)).append('s').toString();
  }

  private static String shortDuration(long nanoseconds) {
    if (nanoseconds == 0) {
      return "0s";
    }
    if (nanoseconds < 1_000) {
      return nanoseconds + "ns";
    }
    return nanoseconds < 1_000_000
        ? decimal(nanoseconds, 3) + "µs"
        : decimal(nanoseconds, 6) + "ms";
  }

  private static String decimal(long value, int decimals) {
    return BigDecimal.valueOf(value, decimals).stripTrailingZeros().toPlainString();
  }

  /** Quoted as Go's {@code %q} does a slice: {@code CMD ["a" "b"]}. */
  static String quoted(String instruction, Collection<String> words) {
    var text = new StringJoiner(" ", instruction + " [", "]");
    words.forEach(word -> text.add(quote(word)));
    return text.toString();
  }

  /** As Go's {@code %v} does a slice: {@code VOLUME [/a /b]}. */
  static String listed(String instruction, Collection<String> words) {
    return instruction + " [" + String.join(" ", words) + "]";
  }

  private static String quote(String word) {
    var quoted = new StringBuilder("\"");
    for (var at = 0; at < word.length(); at++) {
      switch (word.charAt(at)) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        case '\r' -> quoted.append("\\r");
        default -> quoted.append(word.charAt(at));
      }
    }
    return quoted.append('"').toString();
  }
}
