package dev.birgus.planner.plan;

import java.util.List;

/**
 * A pattern of paths: in each name {@code *}, {@code ?}, {@code [a-z]}, {@code [^a-z]} and a
 * backslash before a character as in Go's {@code filepath.Match}. Two stars are as one.
 */
final class PathPattern {

  private final List<String> names;

  private PathPattern(List<String> names) {
    this.names = names;
  }

  /**
   * A pattern; its path is clean and relative.
   *
   * @throws IllegalArgumentException if a bracket is not closed or the last backslash escapes
   *     nothing
   */
  static PathPattern parse(String pattern) {
    var names = ContextPath.names(pattern);
    for (var name : names) {
      check(name);
    }
    return new PathPattern(List.copyOf(names));
  }

  /** Whether any name has a special character. */
  boolean hasWildcard() {
    return names.stream().anyMatch(PathPattern::isWild);
  }

  /** The path up to the first name with a special character, escapes taken away. */
  String literalPrefix() {
    var prefix = "";
    for (var name : names) {
      if (isWild(name)) {
        return prefix;
      }
      prefix = ContextPath.join(prefix, unescaped(name));
    }
    return prefix;
  }

  /** The names after {@link #literalPrefix()}. */
  PathPattern afterPrefix() {
    var skip = 0;
    while (skip < names.size() && !isWild(names.get(skip))) {
      skip++;
    }
    return new PathPattern(names.subList(skip, names.size()));
  }

  boolean matches(String path) {
    return matches(0, ContextPath.names(path), 0);
  }

  private boolean matches(int at, List<String> path, int depth) {
    if (at == names.size()) {
      return depth == path.size();
    }
    return depth < path.size()
        && matchesName(names.get(at), path.get(depth))
        && matches(at + 1, path, depth + 1);
  }

  /**
   * Matches one name. After a mismatch only the last star has to take a character more: what the
   * earlier ones took was the shortest that fits.
   */
  private static boolean matchesName(String pattern, String name) {
    var at = 0;
    var position = 0;
    var star = -1;
    var starPosition = 0;
    while (position < name.length() || at < pattern.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at++;
        starPosition = position;
      } else if (position < name.length() && matchesOne(pattern, at, name.codePointAt(position))) {
        at = endOfOne(pattern, at);
        position += Character.charCount(name.codePointAt(position));
      } else if (star >= 0 && starPosition < name.length()) {
        starPosition += Character.charCount(name.codePointAt(starPosition));
        position = starPosition;
        at = star + 1;
      } else {
        return false;
      }
    }
    return true;
  }

  /** Whether what stands here in the pattern, no star, matches a character. */
  private static boolean matchesOne(String pattern, int at, int actual) {
    if (at == pattern.length()) {
      return false;
    }
    return switch (pattern.charAt(at)) {
      case '?' -> true;
      case '[' -> inClass(pattern, at + 1, endOfClass(pattern, at), actual);
      case '\\' -> pattern.codePointAt(at + 1) == actual;
      default -> pattern.codePointAt(at) == actual;
    };
  }

  /** Where what stands here in the pattern ends. */
  private static int endOfOne(String pattern, int at) {
    return switch (pattern.charAt(at)) {
      case '[' -> endOfClass(pattern, at) + 1;
      case '\\' -> at + 1 + Character.charCount(pattern.codePointAt(at + 1));
      default -> at + Character.charCount(pattern.codePointAt(at));
    };
  }

  private static boolean inClass(String pattern, int from, int end, int actual) {
    var at = from;
    var negated = pattern.charAt(at) == '^';
    if (negated) {
      at++;
    }
    var found = false;
    while (at < end) {
      at += pattern.charAt(at) == '\\' ? 1 : 0;
      var low = pattern.codePointAt(at);
      at += Character.charCount(low);
      var high = low;
      if (at < end - 1 && pattern.charAt(at) == '-') {
        at++;
        at += pattern.charAt(at) == '\\' ? 1 : 0;
        high = pattern.codePointAt(at);
        at += Character.charCount(high);
      }
      found |= low <= actual && actual <= high;
    }
    return found != negated;
  }

  /** Where the class opened here is closed; -1 if nowhere or if it is empty. */
  private static int endOfClass(String pattern, int open) {
    var at = open + 1;
    if (at < pattern.length() && pattern.charAt(at) == '^') {
      at++;
    }
    var first = at;
    while (at < pattern.length()) {
      var here = pattern.charAt(at);
      if (here == '\\') {
        at++;
      } else if (here == ']' && at > first) {
        return at;
      } else if (here == ']') {
        return -1;
      }
      at++;
    }
    return -1;
  }

  private static boolean isWild(String name) {
    for (var at = 0; at < name.length(); at++) {
      switch (name.charAt(at)) {
        case '\\' -> at++;
        case '*', '?', '[' -> {
          return true;
        }
        default -> {}
      }
    }
    return false;
  }

  private static void check(String name) {
    for (var at = 0; at < name.length(); at++) {
      if (name.charAt(at) == '\\') {
        at++;
        if (at == name.length()) {
          throw new IllegalArgumentException("the backslash at the end of " + name);
        }
      } else if (name.charAt(at) == '[') {
        at = endOfClass(name, at);
        if (at < 0) {
          throw new IllegalArgumentException("the bracket that is not closed in " + name);
        }
      }
    }
  }

  private static String unescaped(String name) {
    if (name.indexOf('\\') < 0) {
      return name;
    }
    var plain = new StringBuilder();
    for (var at = 0; at < name.length(); at++) {
      if (name.charAt(at) == '\\') {
        at++;
      }
      plain.append(name.charAt(at));
    }
    return plain.toString();
  }
}
