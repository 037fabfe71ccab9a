package dev.birgus.cli.progress;

/** Makes text of strangers harmless to a terminal, and measures it. */
public final class Printable {

  private static final char ESCAPE = '\u001b';
  private static final char BELL = '\u0007';

  private Printable() {}

  /**
   * The text without escape sequences and control characters. What a carriage return would have
   * overwritten is gone; a tab is a space.
   */
  public static String of(String text) {
    var visible = text.substring(text.lastIndexOf('\r', text.length() - 2) + 1);
    var clean = new StringBuilder(visible.length());
    var at = 0;
    while (at < visible.length()) {
      var letter = visible.charAt(at);
      if (letter == ESCAPE) {
        at = afterEscape(visible, at + 1);
        continue;
      }
      if (letter == '\t') {
        clean.append(' ');
      } else if (!Character.isISOControl(letter) && !isDirectionMark(letter)) {
        clean.append(letter);
      }
      at++;
    }
    return clean.toString();
  }

  /** The index behind an escape sequence whose second character is at this index. */
  private static int afterEscape(String text, int at) {
    if (at >= text.length()) {
      return at;
    }
    return switch (text.charAt(at)) {
      case '[' -> afterFinalByte(text, at + 1);
      case ']', 'P', '^', '_', 'X' -> afterStringEnd(text, at + 1);
      case '(', ')', '*', '+' -> Math.min(at + 2, text.length());
      default -> at + 1;
    };
  }

  private static int afterFinalByte(String text, int from) {
    var at = from;
    while (at < text.length() && (text.charAt(at) < '@' || text.charAt(at) > '~')) {
      at++;
    }
    return Math.min(at + 1, text.length());
  }

  private static int afterStringEnd(String text, int from) {
    var at = from;
    while (at < text.length() && text.charAt(at) != BELL && text.charAt(at) != ESCAPE) {
      at++;
    }
    if (at < text.length() && text.charAt(at) == ESCAPE) {
      at++;
    }
    return Math.min(at + 1, text.length());
  }

  /** Characters that turn the direction of writing, with which text can be made to look other. */
  private static boolean isDirectionMark(char letter) {
    return (letter >= '\u202a' && letter <= '\u202e') || (letter >= '\u2066' && letter <= '\u2069');
  }

  /** The longest beginning of clean text that fits; what is cut off is shown as an ellipsis. */
  static String fit(String text, int columns) {
    var used = 0;
    var at = 0;
    var cut = 0;
    while (at < text.length()) {
      var point = text.codePointAt(at);
      used += width(point);
      if (used > columns) {
        return columns < 1 ? "" : text.substring(0, cut) + "…";
      }
      at += Character.charCount(point);
      if (used <= columns - 1) {
        cut = at;
      }
    }
    return text;
  }

  /** Columns of clean text. */
  static int width(String text) {
    return text.codePoints().map(Printable::width).sum();
  }

  private static int width(int point) {
    var type = Character.getType(point);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    return isWide(point) ? 2 : 1;
  }

  /** East Asian scripts and pictures, roughly as terminals have it. */
  private static boolean isWide(int point) {
    return (point >= 0x1100 && point <= 0x115f)
        || (point >= 0x2e80 && point <= 0xa4cf)
        || (point >= 0xac00 && point <= 0xd7a3)
        || (point >= 0xf900 && point <= 0xfaff)
        || (point >= 0xfe30 && point <= 0xfe6f)
        || (point >= 0xff00 && point <= 0xff60)
        || (point >= 0xffe0 && point <= 0xffe6)
        || (point >= 0x1f300 && point <= 0x1faff)
        || (point >= 0x20000 && point <= 0x3fffd);
  }
}
