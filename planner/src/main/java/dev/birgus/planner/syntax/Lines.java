package dev.birgus.planner.syntax;

/** The lines of a text, one after the other. Only a line feed ends one. */
final class Lines {

  private final String text;
  private int position;
  private int number;

  Lines(String text) {
    this.text = text;
  }

  boolean hasNext() {
    return position < text.length();
  }

  /** The next line with its line end. */
  String next() {
    var end = text.indexOf('\n', position);
    var line = text.substring(position, end < 0 ? text.length() : end + 1);
    position += line.length();
    number++;
    return line;
  }

  /** The number of the line last returned, from 1. */
  int number() {
    return number;
  }

  /** The line without line feed and carriage returns at its end. */
  static String withoutEnd(String line) {
    var end = line.length();
    while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) {
      end--;
    }
    return line.substring(0, end);
  }

  /** Where the first character that is not white space is, or the length of the line. */
  static int indentation(String line) {
    var start = 0;
    while (start < line.length() && Whitespace.is(line.charAt(start))) {
      start++;
    }
    return start;
  }
}
