package dev.birgus.planner.syntax;

/** A piece of a Dockerfile as it is shown in a message: quoted, on one line, and not too long. */
public final class Excerpt {

  private static final int MAX_LENGTH = 80;

  private Excerpt() {}

  /** The text in double quotes, control characters written as escapes, cut after 80 characters. */
  public static String of(String text) {
    var shown = new StringBuilder("\"");
    for (var i = 0; i < text.length() && i < MAX_LENGTH; i++) {
      var character = text.charAt(i);
      if (Character.isISOControl(character) || Character.isSurrogate(character)) {
        shown.append(character == '\t' ? "\\t" : "\\u" + hex(character));
      } else {
        shown.append(character);
      }
    }
    return shown.append(text.length() > MAX_LENGTH ? "…\"" : "\"").toString();
  }

  private static String hex(char character) {
    return Integer.toHexString(0x10000 | character).substring(1);
  }
}
