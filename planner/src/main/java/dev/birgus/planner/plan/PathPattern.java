package dev.birgus.planner.plan;

import java.util.List;

/**
 * A pattern of paths: in each name {@code *}, {@code ?}, {@code [a-z]}, {@code [^a-z]} and a
 * backslash before a character as in Go's {@code filepath.Match}; the name {@code **} stands for
 * any number of directories, none included.
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

  boolean hasAnyDepth() {
    return names.contains("**");
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
    if (names.get(at).equals("**")) {
      for (var next = depth; next <= path.size(); next++) {
        if (matches(at + 1, path, next)) {
          return true;
        }
      }
      return false;
    }
    return depth < path.size()
        && matchesName(names.get(at), 0, path.get(depth), 0)
        && matches(at + 1, path, depth + 1);
  }

  private static boolean matchesName(String pattern, int at, String name, int position) {
    if (at == pattern.length()) {
      return position == name.length();
    }
    var special = pattern.charAt(at);
    if (special == '*') {
      for (var next = position; next <= name.length(); next++) {
        if (matchesName(pattern, at + 1, name, next)) {
          return true;
        }
      }
      return false;
    }
    if (position == name.length()) {
      return false;
    }
    var actual = name.codePointAt(position);
    var after = position + Character.charCount(actual);
    return switch (special) {
      case '?' -> matchesName(pattern, at + 1, name, after);
      case '[' -> {
        var end = endOfClass(pattern, at);
        yield inClass(pattern, at + 1, end, actual) && matchesName(pattern, end + 1, name, after);
      }
      default -> {
        var from = special == '\\' ? at + 1 : at;
        var expected = pattern.codePointAt(from);
        yield expected == actual
            && matchesName(pattern, from + Character.charCount(expected), name, after);
      }
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
