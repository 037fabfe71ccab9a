package dev.birgus.infra.pattern;

import java.util.List;
import java.util.Optional;

/**
 * Which paths below a directory are taken: those an include pattern matches, all if there is none,
 * and no exclude pattern does. Patterns are those of {@link PathPatterns}.
 */
public final class PathFilter {

  private final Optional<PathPatterns> include;
  private final PathPatterns excludes;

  private PathFilter(Optional<PathPatterns> include, PathPatterns excludes) {
    this.include = include;
    this.excludes = excludes;
  }

  /**
   * A filter.
   *
   * @param include a pattern, or empty for everything
   * @param excludes patterns, {@code !} making exceptions
   * @throws IllegalArgumentException naming the pattern that is malformed, and why it is
   */
  public static PathFilter of(Optional<String> include, List<String> excludes) {
    return new PathFilter(include.map(PathPatterns::single), PathPatterns.parse(excludes));
  }

  /** Whether this path is taken; the directory itself, "", is if there is no include pattern. */
  public boolean takes(String path) {
    return includes(path) && !excludes.matches(path);
  }

  /** Whether this path would be taken if nothing was excluded. */
  public boolean includes(String path) {
    return include.isEmpty() || include.get().matches(path);
  }

  /** Whether something below this path may be taken. */
  public boolean mayTakeBelow(String path) {
    return (include.isEmpty() || include.get().mayMatchBelow(path))
        && !excludes.matchesAllBelow(path);
  }
}
