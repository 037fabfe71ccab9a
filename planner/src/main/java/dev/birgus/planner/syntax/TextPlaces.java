package dev.birgus.planner.syntax;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.SourceLocation;
import java.util.List;

/**
 * Where the characters of an instruction's joined text stand in its file. Columns count UTF-16
 * units from 1.
 *
 * @param whole the instruction, which is the place of everything nothing nearer is known of
 * @param pieces in the order of their offsets; none where the text is not from a file as it stands,
 *     as with the triggers of an image
 */
public record TextPlaces(SourceLocation whole, List<Piece> pieces) {

  public TextPlaces {
    requireNonNull(whole, "whole");
    pieces = List.copyOf(pieces);
  }

  /**
   * A part of the text that stands on one line.
   *
   * @param offset of its first character in the text; may be negative, after {@link #shifted}
   */
  public record Piece(int offset, int line, int column) {}

  /** The places in a text of which only the whole is known. */
  public static TextPlaces of(SourceLocation whole) {
    return new TextPlaces(whole, List.of());
  }

  /** The place of the character at this offset. */
  public SourceLocation at(int offset) {
    var found = whole;
    for (var piece : pieces) {
      if (piece.offset() > offset) {
        break;
      }
      var column = piece.column() + offset - piece.offset();
      found = new SourceLocation(whole.file(), piece.line(), column, piece.line());
    }
    return found;
  }

  /**
   * The place of a word: where it stands between blanks or quotes, or where its characters first
   * do; the whole instruction if they do not.
   *
   * @param text the instruction's text these are the places of
   */
  public SourceLocation of(String word, String text) {
    var first = -1;
    var from = Whitespace.wordEnd(text);
    while (!word.isEmpty() && !pieces.isEmpty()) {
      var found = text.indexOf(word, from);
      if (found < 0) {
        break;
      }
      first = first < 0 ? found : first;
      var end = found + word.length();
      if (isBorder(text, found - 1) && isBorder(text, end)) {
        return at(found);
      }
      from = found + 1;
    }
    return first < 0 ? whole : at(first);
  }

  /** The place of a word that is the text's last; the whole instruction if it is not in it. */
  public SourceLocation ofLast(String word, String text) {
    var found = word.isEmpty() ? -1 : text.lastIndexOf(word);
    return found < 0 ? whole : at(found);
  }

  private static boolean isBorder(String text, int offset) {
    return offset < 0
        || offset >= text.length()
        || text.charAt(offset) == '"'
        || Whitespace.is(text.charAt(offset));
  }

  /** The places of the text without its first characters, so many. */
  TextPlaces shifted(int characters) {
    return characters == 0
        ? this
        : new TextPlaces(
            whole,
            pieces.stream()
                .map(piece -> new Piece(piece.offset() - characters, piece.line(), piece.column()))
                .toList());
  }

  TextPlaces in(SourceLocation location) {
    return new TextPlaces(location, pieces);
  }
}
