package dev.birgus.ingest.ignore;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The rules of one ignore file: which paths of a context a build does not see.
 *
 * <p>As Docker documents {@code .dockerignore}, and as its builder applies it: rules are tried in
 * order and the last one that matches decides; a rule that matches a directory holds for all that
 * is in it; {@code !} makes a rule an exception. {@code *} and {@code ?} stay within one name,
 * {@code **} spans any number of directories, {@code [...]} is a class and {@code \} takes the next
 * character literally. Matching takes time proportional to the length of the path times the length
 * of the rules, whatever the rules are.
 */
public final class IgnoreRules {

  private static final IgnoreRules NONE = new IgnoreRules(List.of());

  private final List<Rule> rules;

  private IgnoreRules(List<Rule> rules) {
    this.rules = rules;
  }

  private record Rule(Glob glob, boolean exception) {}

  /** Rules that exclude nothing. */
  public static IgnoreRules none() {
    return NONE;
  }

  /** Reads the rules of a file called {@code .dockerignore}. */
  public static IgnoreRules parse(String text) {
    return parse(".dockerignore", text);
  }

  /**
   * Reads the rules.
   *
   * @param file as messages should call it
   * @throws FailureException naming the line, if a pattern is malformed
   */
  public static IgnoreRules parse(String file, String text) {
    requireNonNull(file, "file");
    var rules = new ArrayList<Rule>();
    var body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    var number = 0;
    for (var line : body.split("\n", -1)) {
      number++;
      // A comment has its # in the first column; trimming comes after.
      var pattern = line.startsWith("#") ? "" : line.strip();
      if (!pattern.isEmpty()) {
        addRule(rules, pattern, file + ":" + number);
      }
    }
    return rules.isEmpty() ? NONE : new IgnoreRules(List.copyOf(rules));
  }

  private static void addRule(List<Rule> rules, String written, String place) {
    var exception = written.startsWith("!");
    var pattern = clean(exception ? written.substring(1).strip() : written);
    if (exception && pattern.isEmpty() && !written.contains(".")) {
      throw malformed(place, written, "there is nothing after the !");
    }
    if (pattern.isEmpty()) {
      return; // "." and "/" name the context itself, which cannot be excluded
    }
    try {
      rules.add(new Rule(Glob.compile(pattern), exception));
    } catch (IllegalArgumentException e) {
      throw malformed(place, written, requireNonNull(e.getMessage()));
    }
  }

  private static FailureException malformed(String place, String pattern, String why) {
    return Failure.of(
            "bad-ignore-pattern",
            place + ": the pattern \"" + pattern + "\" is malformed: " + why,
            "Correct the line, or put a backslash before a character that should stand for itself.")
        .toException();
  }

  /** Removes empty names and {@code .}, resolves {@code ..}, and drops slashes at both ends. */
  private static String clean(String pattern) {
    var rooted = pattern.startsWith("/");
    var names = new ArrayList<String>();
    for (var name : pattern.split("/", -1)) {
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      var last = names.isEmpty() ? ".." : names.getLast();
      if (!name.equals("..")) {
        names.add(name);
      } else if (!last.equals("..")) {
        names.removeLast();
      } else if (!rooted) {
        names.add(name);
      }
    }
    return String.join("/", names);
  }

  /**
   * Whether the build does not see this path.
   *
   * @param path relative to the context, slashes between names; the context itself, "", is seen
   */
  public boolean excludes(String path) {
    return isExcluding(lastMatch(path));
  }

  /**
   * Whether something in this directory may be seen: false only if all of it is excluded, so that a
   * walk need not enter it.
   */
  public boolean mayContainIncluded(String directory) {
    var last = lastMatch(directory);
    if (!isExcluding(last)) {
      return true;
    }
    // What matches the directory matches all that is in it, so only a later exception can help.
    for (var i = last + 1; i < rules.size(); i++) {
      var rule = rules.get(i);
      if (rule.exception() && rule.glob().mayMatchBelow(directory)) {
        return true;
      }
    }
    return false;
  }

  private boolean isExcluding(int rule) {
    return rule >= 0 && !rules.get(rule).exception();
  }

  /**
   * The number of the rule that decides about a path, or -1: the last of those that were found to
   * match on the way down to it. Docker's builder walks a context so: a rule that matches a
   * directory holds for all that is in it, but whether a rule matches a directory is only asked
   * where that would change what has been decided of it. So {@code !docs} after a rule for all
   * Markdown files brings no {@code docs/a.md} back, for {@code docs} itself was never taken out.
   */
  private int lastMatch(String path) {
    if (path.isEmpty()) {
      return -1;
    }
    var ways = rules.stream().map(rule -> rule.glob().matchesOnTheWay(path)).toList();
    var names = (int) path.chars().filter(character -> character == '/').count() + 1;
    var matched = new BitSet();
    for (var level = 0; level < names; level++) {
      descend(ways, level, matched);
    }
    return matched.length() - 1;
  }

  /** One step of the way down: adds the rules that match there to those that did above. */
  private void descend(List<BitSet> ways, int level, BitSet matched) {
    var last = -1;
    for (var i = 0; i < rules.size(); i++) {
      if (!matched.get(i) && rules.get(i).exception() == isExcluding(last)) {
        matched.set(i, ways.get(i).get(level));
      }
      if (matched.get(i)) {
        last = i;
      }
    }
  }
}
