package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

/**
 * A place in a Dockerfile.
 *
 * @param file as the user named it
 * @param line first line, counted from 1
 * @param column first column, counted from 1
 * @param endLine last line, counted from 1
 */
public record SourceLocation(String file, int line, int column, int endLine) {

  public SourceLocation {
    requireNonNull(file, "file");
    if (line < 1 || column < 1 || endLine < line) {
      throw new IllegalArgumentException("not a place: " + file + ":" + line + ":" + column);
    }
  }

  /** The first column of one line. */
  public static SourceLocation ofLine(String file, int line) {
    return new SourceLocation(file, line, 1, line);
  }

  /** As compilers write it: file and line, and the column where it says more than the line. */
  @Override
  public String toString() {
    return column == 1 ? file + ":" + line : file + ":" + line + ":" + column;
  }
}
