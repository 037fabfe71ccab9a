package dev.birgus.planner.plan;

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

  static String assignments(String instruction, Map<String, String> values) {
    var text = new StringJoiner(" ");
    text.add(instruction);
    values.forEach((name, value) -> text.add(name + "=" + value));
    return text.toString();
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
