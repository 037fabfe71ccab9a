package dev.birgus.executor.operation;

import dev.birgus.infra.contracts.Failure;

/** Patterns of Go's {@code filepath.Match} for one name: {@code *}, {@code ?}, classes, escapes. */
final class GoPattern {

  private GoPattern() {}

  static boolean hasWildcard(String name) {
    for (var i = 0; i < name.length(); i++) {
      switch (name.charAt(i)) {
        case '*', '?', '[' -> {
          return true;
        }
        case '\\' -> i++;
        default -> {}
      }
    }
    return false;
  }

  /** A name without wildcards, its escapes taken out. */
  static String unescaped(String name) {
    if (name.indexOf('\\') < 0) {
      return name;
    }
    var plain = new StringBuilder();
    for (var i = 0; i < name.length(); i++) {
      if (name.charAt(i) == '\\' && i + 1 < name.length()) {
        i++;
      }
      plain.append(name.charAt(i));
    }
    return plain.toString();
  }

  /**
   * Whether the pattern matches the whole name.
   *
   * @throws dev.birgus.infra.contracts.FailureException {@code bad-pattern} if it is malformed
   */
  static boolean matches(String pattern, String name) {
    var p = 0;
    var n = 0;
    var retryPattern = -1;
    var retryName = -1;
    while (n < name.length() || p < pattern.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        retryPattern = p;
        retryName = n + 1;
        p++;
        continue;
      }
      if (p < pattern.length() && n < name.length()) {
        var next = afterOne(pattern, p, name.codePointAt(n));
        if (next > 0) {
          p = next;
          n += Character.charCount(name.codePointAt(n));
          continue;
        }
      }
      if (retryName < 0 || retryName > name.length()) {
        return false;
      }
      p = retryPattern;
      n = retryName;
    }
    return true;
  }

  /** Where the pattern goes on if its element at {@code at} matches the character, else -1. */
  private static int afterOne(String pattern, int at, int character) {
    var element = pattern.codePointAt(at);
    return switch (element) {
      case '?' -> at + 1;
      case '[' -> afterClass(pattern, at + 1, character);
      case '\\' -> {
        if (at + 1 >= pattern.length()) {
          throw bad(pattern);
        }
        var escaped = pattern.codePointAt(at + 1);
        yield escaped == character ? at + 1 + Character.charCount(escaped) : -1;
      }
      default -> element == character ? at + Character.charCount(element) : -1;
    };
  }

  private static int afterClass(String pattern, int start, int character) {
    var at = start;
    var negated = at < pattern.length() && pattern.charAt(at) == '^';
    if (negated) {
      at++;
    }
    var matched = false;
    var ranges = 0;
    while (at >= pattern.length() || pattern.charAt(at) != ']' || ranges == 0) {
      var low = classCharacter(pattern, at);
      at = afterCharacter(pattern, at);
      var high = low;
      if (at < pattern.length() && pattern.charAt(at) == '-') {
        high = classCharacter(pattern, at + 1);
        at = afterCharacter(pattern, at + 1);
      }
      matched |= low <= character && character <= high;
      ranges++;
    }
    return matched == negated ? -1 : at + 1;
  }

  private static int classCharacter(String pattern, int at) {
    if (at >= pattern.length() || pattern.charAt(at) == '-' || pattern.charAt(at) == ']') {
      throw bad(pattern);
    }
    if (pattern.charAt(at) != '\\') {
      return pattern.codePointAt(at);
    }
    if (at + 1 >= pattern.length()) {
      throw bad(pattern);
    }
    return pattern.codePointAt(at + 1);
  }

  private static int afterCharacter(String pattern, int at) {
    var start = pattern.charAt(at) == '\\' ? at + 1 : at;
    return start + Character.charCount(pattern.codePointAt(start));
  }

  private static RuntimeException bad(String pattern) {
    return Failure.of(
            "bad-pattern",
            "\"" + pattern + "\" is not a pattern",
            "close the bracket, or escape it with a backslash")
        .toException();
  }
}
