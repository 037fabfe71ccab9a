package dev.birgus.planner.instruct;

import dev.birgus.planner.syntax.Whitespace;
import java.util.ArrayList;
import java.util.List;

/** Splits the words of ENV, LABEL and ARG: quotes hold a word together and stay in it. */
final class NameValueWords {

  private final String text;
  private final char escape;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private int position;

  private NameValueWords(String text, char escape) {
    this.text = text;
    this.escape = escape;
  }

  /** The words. A quote that is not closed goes on to the end, and is found when it is expanded. */
  static List<String> split(String text, char escape) {
    return new NameValueWords(text, escape).split();
  }

  private List<String> split() {
    var quote = '\0';
    while (position < text.length()) {
      var character = text.charAt(position++);
      if (character == escape && quote != '\'') {
        escaped();
      } else if (quote == '\0' && Whitespace.is(character)) {
        endWord();
      } else {
        word.append(character);
        if (character == quote) {
          quote = '\0';
        } else if (quote == '\0' && (character == '\'' || character == '"')) {
          quote = character;
        }
      }
    }
    endWord();
    return words;
  }

  /** Both characters stay, for the expansion to read; an escape at the very end does nothing. */
  private void escaped() {
    if (position < text.length()) {
      word.append(escape).append(text.charAt(position++));
    }
  }

  private void endWord() {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }
}
