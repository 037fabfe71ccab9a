package dev.birgus.planner.syntax;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the words that open here-documents. A word does so when it is, as a whole, an optional
 * number, {@code <<} or {@code <<-}, blanks, and a name without another {@code <}; {@code cat<<EOF}
 * does not, nor does anything in the shell's arithmetic, {@code $((1 << 2))}. Backslash escapes
 * here whatever the file's escape character is: these words are read by a shell in the end.
 */
final class HeredocScanner {

  private final String line;
  private final StringBuilder word = new StringBuilder();
  private final List<Heredoc> found = new ArrayList<>();
  private int position;
  private boolean arithmeticIsOpen;

  private HeredocScanner(String line) {
    this.line = line;
  }

  /** The here-documents this line opens, in order, bodies still empty. None if a quote is open. */
  static List<Heredoc> openedBy(String line) {
    return line.contains("<<") ? new HeredocScanner(line).scan() : List.of();
  }

  private List<Heredoc> scan() {
    while (position < line.length()) {
      var character = line.charAt(position);
      if (Whitespace.is(character)) {
        endWord();
        position++;
      } else if (character == '\'' || character == '"') {
        if (!quoted(character)) {
          return List.of();
        }
      } else if (line.startsWith("<<", position)) {
        operator();
      } else {
        take(arithmeticLength(character == '\\' ? 2 : 1));
      }
    }
    endWord();
    return found;
  }

  /** Blanks may stand between the operator and the name; they do not end the word. */
  private void operator() {
    take(line.startsWith("<<-", position) ? 3 : 2);
    while (position < line.length() && Whitespace.is(line.charAt(position))) {
      take(1);
    }
  }

  /** The length of the arithmetic expression that begins here, or otherwise what is given. */
  private int arithmeticLength(int otherwise) {
    if (arithmeticIsOpen || !line.startsWith("$((", position)) {
      return otherwise;
    }
    var depth = 0;
    for (var end = position + 1; end < line.length(); end++) {
      var character = line.charAt(end);
      depth += character == '(' ? 1 : character == ')' ? -1 : 0;
      if (depth == 0) {
        return line.charAt(end - 1) == ')' ? end + 1 - position : otherwise;
      }
    }
    // None after this one can be closed either, and looking again would take too long.
    arithmeticIsOpen = true;
    return otherwise;
  }

  private boolean quoted(char quote) {
    take(1);
    while (position < line.length()) {
      var character = line.charAt(position);
      if (character == quote) {
        take(1);
        return true;
      }
      take(quote == '"' && character == '\\' ? 2 : 1);
    }
    return false;
  }

  private void take(int count) {
    var end = Math.min(position + count, line.length());
    word.append(line, position, end);
    position = end;
  }

  private void endWord() {
    if (!word.isEmpty()) {
      var heredoc = heredoc(word.toString());
      if (heredoc != null) {
        found.add(heredoc);
      }
      word.setLength(0);
    }
  }

  private static @Nullable Heredoc heredoc(String word) {
    var start = 0;
    while (start < word.length() && word.charAt(start) >= '0' && word.charAt(start) <= '9') {
      start++;
    }
    if (!word.startsWith("<<", start)) {
      return null;
    }
    var stripsTabs = word.startsWith("-", start + 2);
    var rest = Whitespace.strip(word.substring(start + (stripsTabs ? 3 : 2)));
    var name = rest.indexOf('<') < 0 ? unquote(rest) : "";
    if (name.isEmpty()) {
      return null;
    }
    var quoted = rest.indexOf('\'') >= 0 || rest.indexOf('"') >= 0;
    return new Heredoc(word, name, stripsTabs, quoted, "");
  }

  private static String unquote(String word) {
    var text = new StringBuilder();
    var quote = '\0';
    for (var i = 0; i < word.length(); i++) {
      var character = word.charAt(i);
      if (character == quote) {
        quote = '\0';
      } else if (quote == '\0' && (character == '\'' || character == '"')) {
        quote = character;
      } else if (character == '\\' && quote != '\'' && escapes(word, i, quote)) {
        i++;
        if (i < word.length()) {
          text.append(word.charAt(i));
        }
      } else {
        text.append(character);
      }
    }
    return text.toString();
  }

  private static boolean escapes(String word, int position, char quote) {
    if (quote == '\0') {
      return true;
    }
    var next = position + 1 < word.length() ? word.charAt(position + 1) : '\0';
    return next == '"' || next == '$' || next == '\\';
  }
}
