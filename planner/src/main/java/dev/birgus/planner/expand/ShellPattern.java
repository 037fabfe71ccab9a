package dev.birgus.planner.expand;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.planner.syntax.Excerpt;
import java.util.ArrayList;
import java.util.List;

/**
 * A pattern of a substitution: {@code *} stands for any text, {@code ?} for any one character,
 * everything else for itself. A backslash makes {@code *}, {@code ?} and itself ordinary, and
 * disappears before {@code /} and <code>}</code>; before anything else it is an error.
 *
 * <p>Matching never goes back further than one piece between two stars, so that no pattern takes
 * more than the product of both lengths.
 */
final class ShellPattern {

  private static final int ANY_CHARACTER = -1;
  private static final int NONE = -1;

  /** What stands between the stars; one piece more than there are stars. */
  private final List<int[]> pieces;

  private ShellPattern(List<int[]> pieces) {
    this.pieces = pieces;
  }

  static ShellPattern parse(String written) {
    var pieces = new ArrayList<int[]>();
    var piece = new ArrayList<Integer>();
    var characters = written.codePoints().toArray();
    for (var i = 0; i < characters.length; i++) {
      switch (characters[i]) {
        case '*' -> {
          pieces.add(toArray(piece));
          piece.clear();
        }
        case '?' -> piece.add(ANY_CHARACTER);
        case '\\' -> {
          i++;
          piece.add(escaped(i < characters.length ? characters[i] : NONE, written));
        }
        default -> piece.add(characters[i]);
      }
    }
    pieces.add(toArray(piece));
    return new ShellPattern(pieces);
  }

  private static int escaped(int character, String written) {
    return switch (character) {
      case '*', '?', '\\', '/', '}' -> character;
      default ->
          throw Failure.of(
                  "bad-substitution",
                  "a backslash escapes nothing in the pattern " + Excerpt.of(written),
                  "in a pattern only * ? / } and the backslash itself can be escaped")
              .toException();
    };
  }

  private static int[] toArray(List<Integer> piece) {
    return piece.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The value without the shortest or longest beginning that matches, if one does. */
  String withoutPrefix(String value, boolean longest) {
    var text = value.codePoints().toArray();
    var end = end(text, 0, longest);
    return end == NONE ? value : new String(text, end, text.length - end);
  }

  /** The value without the shortest or longest end that matches, if one does. */
  String withoutSuffix(String value, boolean longest) {
    var text = value.codePoints().toArray();
    var length = reversed().end(reverse(text), 0, longest);
    return length == NONE ? value : new String(text, 0, text.length - length);
  }

  /** The value with its first match, as long as possible, replaced. */
  String replaceFirst(String value, String replacement) {
    var text = value.codePoints().toArray();
    var start = find(text, 0);
    if (start == NONE) {
      return value;
    }
    var end = end(text, start, true);
    return new String(text, 0, start) + replacement + new String(text, end, text.length - end);
  }

  /** The value with all matches, from the left and as long as possible, replaced. */
  String replaceAll(String value, String replacement) {
    var text = value.codePoints().toArray();
    var result = new WordSink(false);
    var copied = 0;
    var searched = 0;
    while (searched <= text.length) {
      var start = find(text, searched);
      if (start == NONE) {
        break;
      }
      var end = end(text, start, true);
      result.addQuoted(new String(text, copied, start - copied));
      // Nothing can be found at the very end of what was just replaced: it would be found twice.
      if (end > copied || start == 0) {
        result.addQuoted(replacement);
      }
      copied = end;
      searched = Math.max(end, searched + 1);
    }
    result.addQuoted(new String(text, copied, text.length - copied));
    return result.text();
  }

  /** Where the first match at or after this position starts. */
  private int find(int[] text, int from) {
    var first = pieces.getFirst();
    var start = indexOf(text, first, from);
    if (start == NONE) {
      return NONE;
    }
    // What does not follow the first piece here does not follow it further on either.
    return end(text, start, true) == NONE ? NONE : start;
  }

  /** Where a match that starts exactly here ends. */
  private int end(int[] text, int start, boolean longest) {
    if (!matches(text, pieces.getFirst(), start)) {
      return NONE;
    }
    var end = start + pieces.getFirst().length;
    for (var i = 1; i < pieces.size(); i++) {
      var piece = pieces.get(i);
      var last = i == pieces.size() - 1;
      var found = last && longest ? lastIndexOf(text, piece, end) : indexOf(text, piece, end);
      if (found == NONE) {
        return NONE;
      }
      end = found + piece.length;
    }
    return end;
  }

  private static int indexOf(int[] text, int[] piece, int from) {
    for (var i = from; i <= text.length - piece.length; i++) {
      if (matches(text, piece, i)) {
        return i;
      }
    }
    return NONE;
  }

  private static int lastIndexOf(int[] text, int[] piece, int from) {
    for (var i = text.length - piece.length; i >= from; i--) {
      if (matches(text, piece, i)) {
        return i;
      }
    }
    return NONE;
  }

  private static boolean matches(int[] text, int[] piece, int at) {
    if (piece.length > text.length - at) {
      return false;
    }
    for (var i = 0; i < piece.length; i++) {
      if (piece[i] != ANY_CHARACTER && piece[i] != text[at + i]) {
        return false;
      }
    }
    return true;
  }

  private ShellPattern reversed() {
    return new ShellPattern(pieces.reversed().stream().map(ShellPattern::reverse).toList());
  }

  private static int[] reverse(int[] text) {
    var reversed = new int[text.length];
    for (var i = 0; i < text.length; i++) {
      reversed[i] = text[text.length - 1 - i];
    }
    return reversed;
  }
}
