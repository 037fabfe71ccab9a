package dev.birgus.ingest.ignore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * One pattern, as a nondeterministic automaton that is run with all its states at once: there is no
 * backtracking, so no pattern is slow.
 */
final class Glob {

  /** What one state does with the next character. Each state leads to the one after it. */
  private sealed interface Symbol {
    /** Takes exactly this character. */
    record Literal(int codePoint) implements Symbol {}

    /** Takes any character but a slash. */
    record AnyCharacter() implements Symbol {}

    /** Takes a character inside, or outside, these ranges. */
    record CharacterClass(List<Range> ranges, boolean negated) implements Symbol {}

    /** Takes any number of characters that are no slash. */
    record WithinName() implements Symbol {}

    /** Takes any number of characters. */
    record Anything() implements Symbol {}

    /** Begins zero or more directories: goes on with the next state and the one after that. */
    record MaybeDirectories() implements Symbol {}

    /** Takes any characters up to and including some slash. */
    record Directories() implements Symbol {}
  }

  /** The characters from the first to the last one. */
  private record Range(int first, int last) {}

  /** The pattern up to its first special character: what every match begins with. */
  private final String prefix;

  private final Symbol[] symbols;

  private Glob(String prefix, List<Symbol> symbols) {
    this.prefix = prefix;
    this.symbols = symbols.toArray(Symbol[]::new);
  }

  /**
   * Compiles a pattern that is relative and clean.
   *
   * @throws IllegalArgumentException saying what is malformed
   */
  static Glob compile(String pattern) {
    return new Compiler(pattern).compile();
  }

  /**
   * Which of the paths on the way to a path the pattern is: bit 0 stands for the first name, the
   * last bit for the whole path.
   */
  BitSet matchesOnTheWay(String path) {
    var matches = new BitSet();
    if (!path.startsWith(prefix)) {
      return matches;
    }
    var run = new Run();
    var level = (int) prefix.chars().filter(character -> character == '/').count();
    for (var at = prefix.length(); at < path.length(); ) {
      var character = path.codePointAt(at);
      if (character == '/') {
        matches.set(level, run.isAccepted());
        level++;
      }
      if (!run.take(character)) {
        return matches;
      }
      at += Character.charCount(character);
    }
    matches.set(level, run.isAccepted());
    return matches;
  }

  /** Whether the pattern is this path or one of its parent directories. */
  boolean matchesPathOrParent(String path) {
    if (!path.startsWith(prefix)) {
      return false;
    }
    if (symbols.length == 0) {
      return path.length() == prefix.length() || path.charAt(prefix.length()) == '/';
    }
    var run = new Run();
    for (var at = prefix.length(); at < path.length(); ) {
      var character = path.codePointAt(at);
      if (character == '/' && run.isAccepted()) {
        return true;
      }
      if (!run.take(character)) {
        return false;
      }
      at += Character.charCount(character);
    }
    return run.isAccepted();
  }

  /** Whether the pattern could be a path below this directory; true if in doubt. */
  boolean mayMatchBelow(String directory) {
    var start = directory + "/";
    if (start.length() <= prefix.length()) {
      return prefix.startsWith(start);
    }
    if (!start.startsWith(prefix)) {
      return false;
    }
    var run = new Run();
    var alive = true;
    for (var at = prefix.length(); at < start.length() && alive; ) {
      var character = start.codePointAt(at);
      alive = run.take(character);
      at += Character.charCount(character);
    }
    return alive && run.canGoOn();
  }

  /** One run of the automaton. A state is the number of a symbol; the last one accepts. */
  private final class Run {
    private long[] current = new long[(symbols.length >> 6) + 1];
    private long[] next = new long[current.length];

    Run() {
      enter(current, 0);
    }

    boolean isAccepted() {
      return (current[symbols.length >> 6] & (1L << symbols.length)) != 0;
    }

    boolean canGoOn() {
      for (var state = 0; state < symbols.length; state++) {
        if ((current[state >> 6] & (1L << state)) != 0) {
          return true;
        }
      }
      return false;
    }

    /** Moves on by a character; false if no state is left. */
    boolean take(int character) {
      Arrays.fill(next, 0);
      var any = 0L;
      for (var word = 0; word < current.length; word++) {
        for (var bits = current[word]; bits != 0; bits &= bits - 1) {
          step((word << 6) + Long.numberOfTrailingZeros(bits), character);
        }
      }
      for (var word : next) {
        any |= word;
      }
      var spent = current;
      current = next;
      next = spent;
      return any != 0;
    }

    private void step(int state, int character) {
      if (state == symbols.length) {
        return;
      }
      switch (symbols[state]) {
        case Symbol.Literal(var expected) -> enterIf(character == expected, state + 1);
        case Symbol.AnyCharacter() -> enterIf(character != '/', state + 1);
        case Symbol.CharacterClass(var ranges, var negated) ->
            enterIf(isIn(ranges, character) != negated, state + 1);
        case Symbol.WithinName() -> enterIf(character != '/', state);
        case Symbol.Anything() -> enter(next, state);
        case Symbol.MaybeDirectories() -> {} // only a way to the two states after it
        case Symbol.Directories() -> {
          enter(next, state);
          enterIf(character == '/', state + 1);
        }
      }
    }

    private void enterIf(boolean condition, int state) {
      if (condition) {
        enter(next, state);
      }
    }

    /** Adds a state and those it leads to without taking a character. */
    private void enter(long[] set, int first) {
      for (var state = first; ; state++) {
        if ((set[state >> 6] & (1L << state)) != 0) {
          return;
        }
        set[state >> 6] |= 1L << state;
        var symbol = state == symbols.length ? null : symbols[state];
        if (symbol instanceof Symbol.MaybeDirectories) {
          set[(state + 1) >> 6] |= 1L << (state + 1);
          state++; // the state after Directories is entered too, Directories does not lead to it
        } else if (!(symbol instanceof Symbol.WithinName) && !(symbol instanceof Symbol.Anything)) {
          return;
        }
      }
    }
  }

  private static boolean isIn(List<Range> ranges, int character) {
    for (var range : ranges) {
      if (range.first() <= character && character <= range.last()) {
        return true;
      }
    }
    return false;
  }

  /** Reads a pattern from left to right. */
  private static final class Compiler {
    private final int[] pattern;
    private final List<Symbol> symbols = new ArrayList<>();
    private int at;

    Compiler(String pattern) {
      this.pattern = pattern.codePoints().toArray();
    }

    Glob compile() {
      if (isEndOfName()) {
        at = 2;
        symbols.add(new Symbol.Anything());
      }
      while (at < pattern.length) {
        compileNext();
      }
      return split();
    }

    /**
     * Whether this is {@code **} directly followed by text without anything special. Then it is the
     * end of a path, within a name too, while otherwise {@code **} stops at a slash.
     */
    private boolean isEndOfName() {
      if (pattern.length < 3 || pattern[0] != '*' || pattern[1] != '*' || pattern[2] == '/') {
        return false;
      }
      for (var i = 2; i < pattern.length; i++) {
        if ("*?[]\\".indexOf(pattern[i]) >= 0) {
          return false;
        }
      }
      return true;
    }

    private void compileNext() {
      var character = pattern[at++];
      switch (character) {
        case '*' -> {
          if (at < pattern.length && pattern[at] == '*') {
            at++;
            compileTwoStars();
          } else {
            symbols.add(new Symbol.WithinName());
          }
        }
        case '?' -> symbols.add(new Symbol.AnyCharacter());
        case '[' -> symbols.add(characterClass());
        case '\\' -> {
          if (at == pattern.length) {
            throw new IllegalArgumentException("it ends with a backslash");
          }
          symbols.add(new Symbol.Literal(pattern[at++]));
        }
        default -> symbols.add(new Symbol.Literal(character));
      }
    }

    private void compileTwoStars() {
      if (at < pattern.length && pattern[at] == '/') {
        at++;
      }
      if (at == pattern.length) {
        symbols.add(new Symbol.Anything());
      } else {
        symbols.add(new Symbol.MaybeDirectories());
        symbols.add(new Symbol.Directories());
      }
    }

    private Symbol.CharacterClass characterClass() {
      var negated = at < pattern.length && pattern[at] == '^';
      if (negated) {
        at++;
      }
      var ranges = new ArrayList<Range>();
      do {
        var first = classMember();
        var last = first;
        if (at < pattern.length && pattern[at] == '-') {
          at++;
          last = classMember();
        }
        if (last < first) {
          throw new IllegalArgumentException("a range in [...] runs backwards");
        }
        ranges.add(new Range(first, last));
        if (at == pattern.length) {
          throw new IllegalArgumentException("a [ is not closed");
        }
      } while (pattern[at] != ']');
      at++;
      return new Symbol.CharacterClass(List.copyOf(ranges), negated);
    }

    private int classMember() {
      if (at == pattern.length) {
        throw new IllegalArgumentException("a [ is not closed");
      }
      var character = pattern[at++];
      if (character == '-' || character == ']') {
        throw new IllegalArgumentException(
            "inside [...] a - or ] that stands for itself needs a backslash");
      }
      if (character == '\\') {
        if (at == pattern.length) {
          throw new IllegalArgumentException("a [ is not closed");
        }
        return pattern[at++];
      }
      return character;
    }

    private Glob split() {
      var prefix = new StringBuilder();
      var literals = 0;
      while (literals < symbols.size()
          && symbols.get(literals) instanceof Symbol.Literal(var codePoint)) {
        prefix.appendCodePoint(codePoint);
        literals++;
      }
      return new Glob(prefix.toString(), symbols.subList(literals, symbols.size()));
    }
  }
}
