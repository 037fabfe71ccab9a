package dev.birgus.planner.syntax;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes the flags off the beginning of an instruction's arguments. The backslash escapes in them
 * whatever the file's escape character is.
 */
final class FlagScanner {

  /**
   * The flags, and what follows them.
   *
   * @param words without their quotes and escapes
   */
  record Flags(List<String> words, String rest) {}

  private static final char ESCAPE = '\\';

  private final String text;
  private final StringBuilder word = new StringBuilder();
  private int position;

  private FlagScanner(String text) {
    this.text = text;
  }

  /** The words that begin with two dashes, up to the first that does not or is only dashes. */
  static Flags scan(String text) {
    var start = Lines.indentation(text);
    return text.startsWith("--", start)
        ? new FlagScanner(text).scan()
        : new Flags(List.of(), text.substring(start));
  }

  private Flags scan() {
    var words = new ArrayList<String>();
    while (true) {
      while (position < text.length() && Whitespace.is(text.charAt(position))) {
        position++;
      }
      if (!text.startsWith("--", position)) {
        return new Flags(words, text.substring(position));
      }
      var flag = word();
      if (flag.equals("--")) {
        return new Flags(words, text.substring(position));
      }
      words.add(flag);
    }
  }

  private String word() {
    word.setLength(0);
    var quote = '\0';
    while (position < text.length()) {
      var character = text.charAt(position);
      if (quote == '\0' && Whitespace.is(character)) {
        break;
      }
      position++;
      if (character == ESCAPE) {
        if (position < text.length()) {
          word.append(text.charAt(position++));
        }
      } else if (character == quote) {
        quote = '\0';
      } else if (quote == '\0' && (character == '\'' || character == '"')) {
        quote = character;
      } else {
        word.append(character);
      }
    }
    return word.toString();
  }
}
