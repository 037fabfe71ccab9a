package dev.birgus.planner.syntax;

/** A piece of a Dockerfile as it is shown in a message: quoted, on one line, and not too long. */
public final class Excerpt {

  private static final int MAX_LENGTH = 80;

  private Excerpt() {}

  /** The text in double quotes, what cannot be seen written as escapes, cut after 80 characters. */
  public static String of(String text) {
    var shown = new StringBuilder("\"");
    var position = 0;
    while (position < text.length() && position < MAX_LENGTH) {
      var character = text.codePointAt(position);
      position += Character.charCount(character);
      if (isVisible(character)) {
        shown.appendCodePoint(character);
      } else {
        shown.append(character == '\t' ? "\\t" : "\\u" + hex(character));
      }
    }
    return shown.append(position < text.length() ? "…\"" : "\"").toString();
  }

  private static boolean isVisible(int character) {
    var kind = Character.getType(character);
    return kind != Character.CONTROL && kind != Character.FORMAT && kind != Character.SURROGATE;
  }

  private static String hex(int character) {
    var digits = Integer.toHexString(character);
    return "0".repeat(Math.max(0, 4 - digits.length())) + digits;
  }
}
