package dev.birgus.planner.lint;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.planner.instruct.Suggestion;
import dev.birgus.planner.syntax.Excerpt;
import dev.birgus.planner.syntax.Whitespace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which rules are looked at, and what becomes of findings: {@code skip=A,B;error=true}.
 *
 * @param skipsAll whether no rule is looked at but those asked for by {@code experimental}
 * @param skipped names of rules that are left out
 * @param experimentsWithAll whether all experimental rules are looked at
 * @param experimental names of the experimental rules that are
 * @param failsBuild whether a finding fails the build
 */
public record CheckOptions(
    boolean skipsAll,
    Set<String> skipped,
    boolean experimentsWithAll,
    Set<String> experimental,
    boolean failsBuild) {

  /** The build argument that takes the place of the directive. */
  public static final String ARGUMENT = "BUILDKIT_DOCKERFILE_CHECK";

  /** What is done where nobody says anything. */
  public static final CheckOptions DEFAULT =
      new CheckOptions(false, Set.of(), false, Set.of(), false);

  /** No rule is looked at. */
  static final CheckOptions NOTHING = new CheckOptions(true, Set.of(), false, Set.of(), false);

  private static final String ALL = "all";

  public CheckOptions {
    skipped = Set.copyOf(skipped);
    experimental = Set.copyOf(experimental);
  }

  /**
   * Reads the value of a {@code check} directive or of {@link #ARGUMENT}.
   *
   * @throws FailureException named {@code invalid-check-option}, without a place
   */
  public static CheckOptions parse(String text) {
    var options = DEFAULT;
    if (Whitespace.strip(text).isEmpty()) {
      return options;
    }
    for (var part : text.split(";", -1)) {
      var equals = part.indexOf('=');
      var key = Whitespace.strip(equals < 0 ? part : part.substring(0, equals));
      var value = equals < 0 ? "" : Whitespace.strip(part.substring(equals + 1));
      options =
          switch (equals < 0 ? "" : key) {
            case "skip" -> options.skipping(value);
            case "experimental" -> options.experimenting(value);
            case "error" -> options.failing(bool(value, part));
            default -> throw invalid(part, "there is no such option");
          };
    }
    return options;
  }

  private CheckOptions skipping(String value) {
    return value.equals(ALL)
        ? new CheckOptions(true, skipped, experimentsWithAll, experimental, failsBuild)
        : new CheckOptions(skipsAll, names(value), experimentsWithAll, experimental, failsBuild);
  }

  private CheckOptions experimenting(String value) {
    return value.equals(ALL)
        ? new CheckOptions(skipsAll, skipped, true, experimental, failsBuild)
        : new CheckOptions(skipsAll, skipped, experimentsWithAll, names(value), failsBuild);
  }

  private CheckOptions failing(boolean value) {
    return new CheckOptions(skipsAll, skipped, experimentsWithAll, experimental, value);
  }

  private static Set<String> names(String value) {
    var names = new HashSet<String>();
    for (var name : value.split(",", -1)) {
      var stripped = Whitespace.strip(name);
      if (!stripped.isEmpty()) {
        names.add(stripped);
      }
    }
    return names;
  }

  private static boolean bool(String value, String part) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default -> throw invalid(part, "error is true or false");
    };
  }

  private static FailureException invalid(String part, String why) {
    return Failure.of(
            "invalid-check-option",
            "the check option " + Excerpt.of(Whitespace.strip(part)) + " is invalid: " + why,
            "write skip=NAME,NAME or skip=all, experimental=NAME,NAME or experimental=all,"
                + " error=true, with semicolons between them")
        .toException();
  }

  /**
   * Whether a rule is looked at. {@code skip=all} says nothing about experimental rules, so {@code
   * skip=all;experimental=all} looks at those alone.
   */
  public boolean looksAt(Rule rule) {
    if (skipped.contains(rule.ruleName())) {
      return false;
    }
    return rule.experimental()
        ? experimentsWithAll || experimental.contains(rule.ruleName())
        : !skipsAll;
  }

  /** These options and those of a comment that belongs to one instruction. */
  CheckOptions and(CheckOptions more) {
    return new CheckOptions(
        skipsAll || more.skipsAll,
        union(skipped, more.skipped),
        experimentsWithAll || more.experimentsWithAll,
        union(experimental, more.experimental),
        failsBuild || more.failsBuild);
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    var all = new HashSet<>(one);
    all.addAll(other);
    return all;
  }

  /** The names that are of no rule, each with what was probably meant, for a message. */
  List<String> unknownNames() {
    var unknown = new ArrayList<String>();
    for (var name : union(skipped, experimental).stream().sorted().toList()) {
      if (Rule.named(name).isEmpty()) {
        unknown.add(
            "there is no check "
                + Excerpt.of(name)
                + Suggestion.nearest(name, Rule.names())
                    .or(() -> inOtherCase(name))
                    .map(near -> " (did you mean " + near + "?)")
                    .orElse(""));
      }
    }
    return unknown;
  }

  private static Optional<String> inOtherCase(String name) {
    return Rule.names().stream()
        .filter(rule -> rule.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }
}
