package dev.birgus.cli.flags;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a command line the way kaniko's flag library does: {@code --name value}, {@code
 * --name=value}, {@code -n value}, {@code -nvalue}; a boolean takes a value only after an equals
 * sign; {@code --} ends the flags; flags and arguments may be mixed.
 */
public final class FlagParser {

  private final List<String> rest;
  private final ParsedFlags.Collector flags = new ParsedFlags.Collector();
  private final List<String> positionals = new ArrayList<>();
  private int next;

  private FlagParser(List<String> arguments) {
    this.rest = List.copyOf(arguments);
  }

  /**
   * Reads the arguments of the process.
   *
   * @throws FailureException named {@code unknown-flag} or {@code bad-flag-value}
   */
  public static ParsedLine parse(List<String> arguments) {
    return new FlagParser(arguments).read();
  }

  private ParsedLine read() {
    while (next < rest.size()) {
      var word = rest.get(next++);
      if (word.equals("--")) {
        positionals.addAll(rest.subList(next, rest.size()));
        break;
      } else if (word.startsWith("--")) {
        longFlag(word);
      } else if (word.startsWith("-") && word.length() > 1) {
        letters(word);
      } else {
        positionals.add(word);
      }
    }
    return new ParsedLine(flags.finish(), positionals);
  }

  private void longFlag(String word) {
    var equals = word.indexOf('=');
    var name = word.substring(2, equals < 0 ? word.length() : equals);
    if (name.isEmpty() || name.startsWith("-")) {
      throw failure("unknown-flag", "bad flag syntax: " + word, "");
    }
    var flag = FlagTable.find(name).orElseThrow(() -> unknown(name));
    if (equals >= 0) {
      flags.put(flag, name, word.substring(equals + 1));
    } else if (flag.type() == FlagType.BOOLEAN) {
      flags.put(flag, name, "true");
    } else {
      flags.put(flag, name, nextWord("--" + name));
    }
  }

  private void letters(String word) {
    for (var i = 1; i < word.length(); i++) {
      var letter = word.charAt(i);
      var flag = FlagTable.find(letter).orElseThrow(() -> unknownLetter(letter, word));
      var tail = word.substring(i + 1);
      if (tail.startsWith("=")) {
        flags.put(flag, flag.name(), tail.substring(1));
        return;
      } else if (flag.type() == FlagType.BOOLEAN) {
        flags.put(flag, flag.name(), "true");
      } else {
        flags.put(
            flag, flag.name(), tail.isEmpty() ? nextWord("'" + letter + "' in " + word) : tail);
        return;
      }
    }
  }

  private String nextWord(String what) {
    if (next == rest.size()) {
      throw failure("bad-flag-value", "flag needs an argument: " + what, "");
    }
    return rest.get(next++);
  }

  private static FailureException unknown(String name) {
    var advice = nearest(name).map(near -> "Did you mean --" + near + "?").orElse("");
    return failure("unknown-flag", "unknown flag: --" + name, advice);
  }

  private static FailureException unknownLetter(char letter, String word) {
    var name = word.substring(1);
    var equals = name.indexOf('=');
    var plain = equals < 0 ? name : name.substring(0, equals);
    var advice =
        FlagTable.find(plain).isPresent() ? "Long names begin with two dashes: -" + word : "";
    return failure("unknown-flag", "unknown shorthand flag: '" + letter + "' in " + word, advice);
  }

  /** The name that is at most a third of its length away from what was written. */
  private static Optional<String> nearest(String name) {
    var best = Optional.<String>empty();
    var least = Math.max(1, name.length() / 3) + 1;
    for (var candidate : FlagTable.names()) {
      var distance = distance(name, candidate);
      if (distance < least) {
        least = distance;
        best = Optional.of(candidate);
      }
    }
    return best;
  }

  /** Levenshtein's distance. */
  private static int distance(String left, String right) {
    var previous = new int[right.length() + 1];
    for (var j = 0; j <= right.length(); j++) {
      previous[j] = j;
    }
    for (var i = 1; i <= left.length(); i++) {
      var current = new int[right.length() + 1];
      current[0] = i;
      for (var j = 1; j <= right.length(); j++) {
        var change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
      }
      previous = current;
    }
    return previous[right.length()];
  }

  static FailureException failure(String name, String message, String advice) {
    return Failure.of(name, message, advice).toException();
  }
}
