package dev.birgus.planner.lint;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.planner.syntax.Dockerfile;
import dev.birgus.planner.syntax.Whitespace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The comments that stand right above an instruction. Parser directives are none. */
final class CommentBlocks {

  private final List<String> lines;
  private final Set<Integer> directives = new HashSet<>();
  private final Map<Integer, Optional<CheckOptions>> options = new HashMap<>();

  CommentBlocks(String text, Dockerfile file) {
    lines = List.of(text.split("\n", -1));
    file.directives().forEach(directive -> directives.add(directive.at().line()));
  }

  /**
   * The comments above this line, the nearest last, without their number sign. An empty one parts
   * what is above it from what is below, as an empty line does.
   */
  List<String> above(int line) {
    var block = new ArrayList<String>();
    for (var number = line - 1; number >= 1 && number <= lines.size(); number--) {
      var text = Whitespace.strip(lines.get(number - 1));
      var comment = text.startsWith("#") ? Whitespace.strip(text.substring(1)) : "";
      if (comment.isEmpty() || directives.contains(number)) {
        break;
      }
      block.addFirst(comment);
    }
    return block;
  }

  /** The options that a comment {@code check=…} above this line gives to the instruction there. */
  Optional<CheckOptions> optionsAt(int line) {
    return options.computeIfAbsent(line, this::readOptions);
  }

  private Optional<CheckOptions> readOptions(int line) {
    for (var comment : above(line)) {
      var equals = comment.indexOf('=');
      var name = equals < 0 ? "" : Whitespace.strip(comment.substring(0, equals));
      if (name.toLowerCase(Locale.ROOT).equals("check")) {
        var value = Whitespace.strip(comment.substring(equals + 1));
        return parsed(value.substring(0, Whitespace.wordEnd(value)));
      }
    }
    return Optional.empty();
  }

  /** A comment may begin with these letters and mean nothing by it. */
  private static Optional<CheckOptions> parsed(String value) {
    try {
      return Optional.of(CheckOptions.parse(value));
    } catch (FailureException noOptions) {
      return Optional.empty();
    }
  }
}
