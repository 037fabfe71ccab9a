package dev.birgus.planner.syntax;

import java.util.ArrayList;
import java.util.List;

/**
 * What counts as space in a Dockerfile. There are two answers: words of an instruction are parted
 * by ASCII blanks only, everything else goes by Unicode's White_Space.
 */
public final class Whitespace {

  private Whitespace() {}

  /** Whether Unicode calls this character white space. All of them are in the basic plane. */
  public static boolean is(int character) {
    return switch (character) {
      case ' ', '\t', '\n', 0x0B, '\f', '\r', 0x85, 0xA0, 0x1680 -> true;
      case 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
      default -> character >= 0x2000 && character <= 0x200A;
    };
  }

  /** Whether this character parts the words of an instruction. */
  public static boolean separates(char character) {
    return character == ' '
        || character == '\t'
        || character == 0x0B
        || character == '\f'
        || character == '\r';
  }

  /** The text without white space at its ends. */
  public static String strip(String text) {
    var end = text.length();
    while (end > 0 && is(text.charAt(end - 1))) {
      end--;
    }
    var start = 0;
    while (start < end && is(text.charAt(start))) {
      start++;
    }
    return text.substring(start, end);
  }

  /** Where the first separator is, or the length of the text. */
  public static int wordEnd(String text) {
    var end = 0;
    while (end < text.length() && !separates(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** The words of the text; quotes mean nothing. */
  public static List<String> words(String text) {
    var words = new ArrayList<String>();
    var start = -1;
    for (var i = 0; i < text.length(); i++) {
      if (separates(text.charAt(i))) {
        if (start >= 0) {
          words.add(text.substring(start, i));
        }
        start = -1;
      } else if (start < 0) {
        start = i;
      }
    }
    if (start >= 0) {
      words.add(text.substring(start));
    }
    return words;
  }
}
