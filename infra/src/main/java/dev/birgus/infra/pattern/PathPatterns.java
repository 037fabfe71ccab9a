package dev.birgus.infra.pattern;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Patterns that are tried in order, the last one that matches a path deciding about it. A pattern
 * that matches a directory holds for all that is in it; {@code !} makes it an exception. {@code *}
 * and {@code ?} stay within one name, {@code **} spans any number of directories, {@code [...]} is
 * a class and {@code \} takes the next character literally. Matching takes time proportional to the
 * length of the path times the length of the patterns, whatever they are.
 */
public final class PathPatterns {

  private static final PathPatterns NONE = new PathPatterns(List.of());

  private final List<Pattern> patterns;

  private PathPatterns(List<Pattern> patterns) {
    this.patterns = patterns;
  }

  /** One pattern, ready to be matched. */
  public static final class Pattern {
    private final Glob glob;
    private final boolean exception;

    private Pattern(Glob glob, boolean exception) {
      this.glob = glob;
      this.exception = exception;
    }

    /**
     * A pattern as written, {@code !} included; empty if it names the root, which is never matched.
     *
     * @throws IllegalArgumentException saying what is malformed
     */
    public static Optional<Pattern> parse(String written) {
      var exception = written.startsWith("!");
      var pattern = clean(exception ? written.substring(1).strip() : written);
      if (exception && pattern.isEmpty() && !written.contains(".")) {
        throw new IllegalArgumentException("there is nothing after the !");
      }
      return pattern.isEmpty()
          ? Optional.empty()
          : Optional.of(new Pattern(Glob.compile(pattern), exception));
    }
  }

  /** Patterns in their order. */
  public static PathPatterns of(List<Pattern> patterns) {
    return patterns.isEmpty() ? NONE : new PathPatterns(List.copyOf(patterns));
  }

  /**
   * Patterns as written, in their order; blank ones do not count.
   *
   * @throws IllegalArgumentException naming the pattern that is malformed, and why it is
   */
  public static PathPatterns parse(List<String> written) {
    var patterns = new ArrayList<Pattern>();
    for (var each : written) {
      try {
        if (!each.isBlank()) {
          Pattern.parse(each.strip()).ifPresent(patterns::add);
        }
      } catch (IllegalArgumentException malformed) {
        throw new IllegalArgumentException(each + ": " + malformed.getMessage(), malformed);
      }
    }
    return of(patterns);
  }

  /**
   * A single pattern in which {@code !} is a character like any other; the root's matches all.
   *
   * @throws IllegalArgumentException saying what is malformed
   */
  static PathPatterns single(String written) {
    var pattern = clean(written);
    return of(List.of(new Pattern(Glob.compile(pattern.isEmpty() ? "**" : pattern), false)));
  }

  /**
   * Whether the patterns match a path.
   *
   * @param path relative, slashes between names; the root, "", is never matched
   */
  public boolean matches(String path) {
    return isMatch(lastMatch(path));
  }

  /** Whether all below this directory is matched, so that a walk need not look there. */
  public boolean matchesAllBelow(String directory) {
    var last = lastMatch(directory);
    if (!isMatch(last)) {
      return false;
    }
    // What matches the directory matches all that is in it, so only a later exception can help.
    for (var i = last + 1; i < patterns.size(); i++) {
      var pattern = patterns.get(i);
      if (pattern.exception && pattern.glob.mayMatchBelow(directory)) {
        return false;
      }
    }
    return true;
  }

  /** Whether something below this directory may be matched; true if in doubt. */
  boolean mayMatchBelow(String directory) {
    return directory.isEmpty()
        || matches(directory)
        || patterns.stream().anyMatch(pattern -> pattern.glob.mayMatchBelow(directory));
  }

  private boolean isMatch(int pattern) {
    return pattern >= 0 && !patterns.get(pattern).exception;
  }

  /**
   * The number of the pattern that decides about a path, or -1: the last of those that were found
   * to match on the way down to it. Docker's builder walks a tree so: a pattern that matches a
   * directory holds for all that is in it, but whether a pattern matches a directory is only asked
   * where that would change what has been decided of it. So {@code !docs} after a pattern for all
   * Markdown files brings no {@code docs/a.md} back, for {@code docs} itself was never taken out.
   */
  private int lastMatch(String path) {
    if (path.isEmpty() || patterns.isEmpty()) {
      return -1;
    }
    var ways = patterns.stream().map(pattern -> pattern.glob.matchesOnTheWay(path)).toList();
    var names = (int) path.chars().filter(character -> character == '/').count() + 1;
    var matched = new BitSet();
    for (var level = 0; level < names; level++) {
      descend(ways, level, matched);
    }
    return matched.length() - 1;
  }

  /** One step of the way down: adds the patterns that match there to those that did above. */
  private void descend(List<BitSet> ways, int level, BitSet matched) {
    var last = -1;
    for (var i = 0; i < patterns.size(); i++) {
      if (!matched.get(i) && patterns.get(i).exception == isMatch(last)) {
        matched.set(i, ways.get(i).get(level));
      }
      if (matched.get(i)) {
        last = i;
      }
    }
  }

  /** Removes empty names and {@code .}, resolves {@code ..}, and drops slashes at both ends. */
  private static String clean(String pattern) {
    requireNonNull(pattern, "pattern");
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
}
