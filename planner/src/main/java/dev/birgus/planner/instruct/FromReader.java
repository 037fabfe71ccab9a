package dev.birgus.planner.instruct;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.planner.instruct.Instruction.From;
import dev.birgus.planner.instruct.Instruction.Source;
import dev.birgus.planner.syntax.Excerpt;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads FROM. */
final class FromReader {

  private static final Set<String> RESERVED = Set.of("scratch", "context");

  private FromReader() {}

  static From read(Source source, Arguments arguments) {
    var flags = Flags.of(arguments.raw(), Keyword.FROM, InstructionFlags.of(Keyword.FROM));
    var words = arguments.words(1);
    if (words.size() != 1 && !(words.size() == 3 && words.get(1).equalsIgnoreCase("as"))) {
      throw arguments.invalidAt(
          words.get(1),
          "FROM takes an image, or an image, AS and a name, not " + Excerpt.of(arguments.text()),
          words.size() == 3
              ? "write FROM " + words.getFirst() + " AS " + words.getLast()
              : Keyword.FROM.usage());
    }
    var name =
        words.size() == 3 ? Optional.of(name(words.get(2), arguments)) : Optional.<String>empty();
    return new From(source, words.getFirst(), flags.take("platform"), name);
  }

  private static String name(String written, Arguments arguments) {
    var name = written.toLowerCase(Locale.ROOT);
    if (!isValid(name)) {
      throw Failure.of(
              "invalid-stage-name",
              Excerpt.of(written) + " is not a name for a stage",
              "begin with a letter, go on with letters, digits, dashes, dots and underscores")
          .in(arguments.raw().placeOf(written))
          .toException();
    }
    if (RESERVED.contains(name)) {
      arguments.warn("ReservedStageName", name + " is reserved and should not name a stage");
    }
    return name;
  }

  private static boolean isValid(String name) {
    for (var i = 0; i < name.length(); i++) {
      var character = name.charAt(i);
      var letter = character >= 'a' && character <= 'z';
      var other = (character >= '0' && character <= '9') || "-_.".indexOf(character) >= 0;
      if (!letter && (i == 0 || !other)) {
        return false;
      }
    }
    return !name.isEmpty();
  }
}
