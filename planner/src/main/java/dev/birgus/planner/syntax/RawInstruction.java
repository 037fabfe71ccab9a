package dev.birgus.planner.syntax;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.SourceLocation;
import java.util.List;

/**
 * An instruction by its outer form: a name, flags, and the rest. Whether there is such an
 * instruction is not asked yet.
 *
 * @param name the first word as written
 * @param flags the words before the arguments that begin with {@code --}, quotes removed
 * @param arguments what follows, without white space at its ends
 * @param at its lines, those of its heredocs included
 * @param text the whole of it, continuation lines joined, without the bodies of heredocs
 * @param heredocs in the order they were opened
 * @param places where the characters of the text stand
 */
public record RawInstruction(
    String name,
    List<String> flags,
    String arguments,
    SourceLocation at,
    String text,
    List<Heredoc> heredocs,
    TextPlaces places) {

  public RawInstruction {
    requireNonNull(name, "name");
    flags = List.copyOf(flags);
    requireNonNull(arguments, "arguments");
    requireNonNull(at, "at");
    requireNonNull(text, "text");
    heredocs = List.copyOf(heredocs);
    requireNonNull(places, "places");
  }

  /** The instruction in this text, which is one logical line without blanks at its ends. */
  static RawInstruction of(String text, TextPlaces places) {
    var nameEnd = Whitespace.wordEnd(text);
    var flags = FlagScanner.scan(text.substring(nameEnd));
    return new RawInstruction(
        text.substring(0, nameEnd),
        flags.words(),
        Whitespace.strip(flags.rest()),
        places.whole(),
        text,
        List.of(),
        places);
  }

  /**
   * The instruction that the arguments of this one are, as ONBUILD has it; heredocs are its own.
   */
  public RawInstruction inner() {
    return of(arguments, places.shifted(text.length() - arguments.length())).with(heredocs);
  }

  /** The place of a word of it, or its own. */
  public SourceLocation placeOf(String word) {
    return places.of(word, text);
  }

  /** Whether this is an instruction of that name, upper or lower case. */
  public boolean isNamed(String upperCase) {
    if (name.length() != upperCase.length()) {
      return false;
    }
    for (var i = 0; i < name.length(); i++) {
      var character = name.charAt(i);
      var upper = character >= 'a' && character <= 'z' ? (char) (character - 32) : character;
      if (upper != upperCase.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The instruction and its heredocs as they could stand in a Dockerfile. */
  public String textWithHeredocs() {
    return withBodies(text);
  }

  /** The arguments and the heredocs as a shell reads them. */
  public String argumentsWithHeredocs() {
    return withBodies(arguments);
  }

  RawInstruction with(List<Heredoc> bodies) {
    return new RawInstruction(name, flags, arguments, at, text, bodies, places);
  }

  RawInstruction to(SourceLocation location) {
    return new RawInstruction(
        name, flags, arguments, location, text, heredocs, places.in(location));
  }

  private String withBodies(String line) {
    var whole = new StringBuilder(line);
    for (var heredoc : heredocs) {
      whole.append('\n').append(heredoc.body()).append(heredoc.name());
    }
    return whole.toString();
  }
}
