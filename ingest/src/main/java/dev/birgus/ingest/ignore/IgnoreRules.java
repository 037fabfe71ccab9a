package dev.birgus.ingest.ignore;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.pattern.PathPatterns;
import dev.birgus.infra.pattern.PathPatterns.Pattern;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules of one ignore file: which paths of a context a build does not see.
 *
 * <p>As Docker documents {@code .dockerignore}, and as its builder applies it: see {@link
 * PathPatterns}.
 */
public final class IgnoreRules {

  private static final IgnoreRules NONE = new IgnoreRules(PathPatterns.of(List.of()));

  private final PathPatterns patterns;

  private IgnoreRules(PathPatterns patterns) {
    this.patterns = patterns;
  }

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
    var rules = new ArrayList<Pattern>();
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
    return rules.isEmpty() ? NONE : new IgnoreRules(PathPatterns.of(rules));
  }

  private static void addRule(List<Pattern> rules, String written, String place) {
    try {
      Pattern.parse(written).ifPresent(rules::add);
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

  /**
   * Whether the build does not see this path.
   *
   * @param path relative to the context, slashes between names; the context itself, "", is seen
   */
  public boolean excludes(String path) {
    return patterns.matches(path);
  }

  /**
   * Whether something in this directory may be seen: false only if all of it is excluded, so that a
   * walk need not enter it.
   */
  public boolean mayContainIncluded(String directory) {
    return !patterns.matchesAllBelow(directory);
  }
}
