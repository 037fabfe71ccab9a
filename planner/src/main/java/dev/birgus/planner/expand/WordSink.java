package dev.birgus.planner.expand;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.planner.syntax.Whitespace;
import java.util.ArrayList;
import java.util.List;

/** Collects what an expansion gives, split to words or not. */
final class WordSink {

  private static final int MAX_LENGTH = 16 << 20;

  private final boolean splits;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  WordSink(boolean splits) {
    this.splits = splits;
  }

  /** Adds text in which white space is only text. */
  void addQuoted(String quoted) {
    checkRoom(quoted.length());
    text.append(quoted);
  }

  void addQuoted(char quoted) {
    text.append(quoted);
  }

  /** Adds text in which white space parts words. */
  void addUnquoted(String unquoted) {
    checkRoom(unquoted.length());
    if (!splits) {
      text.append(unquoted);
      return;
    }
    for (var i = 0; i < unquoted.length(); i++) {
      addUnquoted(unquoted.charAt(i));
    }
  }

  void addUnquoted(char unquoted) {
    if (splits && Whitespace.is(unquoted)) {
      endWord();
    } else {
      text.append(unquoted);
    }
  }

  String text() {
    return text.toString();
  }

  List<String> words() {
    endWord();
    return List.copyOf(words);
  }

  private void endWord() {
    if (!text.isEmpty()) {
      words.add(text.toString());
      text.setLength(0);
    }
  }

  private void checkRoom(int length) {
    if (length > MAX_LENGTH - text.length()) {
      throw Failure.of(
              "expansion-too-large",
              "a word becomes longer than 16 Mi characters when its variables are replaced",
              "look for a variable that contains itself several times over")
          .toException();
    }
  }
}
