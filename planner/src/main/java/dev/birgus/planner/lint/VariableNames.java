package dev.birgus.planner.lint;

import java.util.LinkedHashSet;
import java.util.Set;

/** Finds the variables a text of several lines names. Quotes mean nothing there, escapes do. */
final class VariableNames {

  private VariableNames() {}

  static Set<String> of(String text) {
    var names = new LinkedHashSet<String>();
    for (var at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at)) {
      var escaped = isEscaped(text, at);
      at++;
      if (at < text.length() && text.charAt(at) == '{') {
        at++;
      }
      var start = at;
      while (at < text.length() && isNamePart(text.charAt(at))) {
        at++;
      }
      if (!escaped && at > start && !Character.isDigit(text.charAt(start))) {
        names.add(text.substring(start, at));
      }
    }
    return names;
  }

  private static boolean isNamePart(char letter) {
    return letter == '_' || Character.isLetterOrDigit(letter);
  }

  private static boolean isEscaped(String text, int at) {
    var backslashes = 0;
    while (backslashes < at && text.charAt(at - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }
}
