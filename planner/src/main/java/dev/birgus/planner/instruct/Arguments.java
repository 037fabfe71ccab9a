package dev.birgus.planner.instruct;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.planner.instruct.Instruction.Command;
import dev.birgus.planner.syntax.Excerpt;
import dev.birgus.planner.syntax.JsonForm;
import dev.birgus.planner.syntax.RawInstruction;
import dev.birgus.planner.syntax.Whitespace;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads the arguments of one instruction in the forms several instructions share.
 *
 * @param warnings takes what should be said about them
 */
record Arguments(RawInstruction raw, Keyword keyword, String text, Consumer<Finding> warnings) {

  static Arguments of(RawInstruction raw, Keyword keyword, Consumer<Finding> warnings) {
    return new Arguments(raw, keyword, raw.arguments(), warnings);
  }

  /** The same instruction, but only this part of its arguments. */
  Arguments part(String part) {
    return new Arguments(raw, keyword, part, warnings);
  }

  /** All of it as one text; there must be some. */
  String whole() {
    if (text.isEmpty()) {
      throw tooFew("needs an argument");
    }
    return text;
  }

  /** An array of strings, or words parted by blanks; at least so many. */
  List<String> list(int atLeast) {
    var items =
        switch (JsonForm.of(text)) {
          case JsonForm.Strings(var strings) -> strings;
          case JsonForm.OtherItems() -> throw notStrings();
          case JsonForm.None none -> {
            warnAbout(none);
            yield Whitespace.words(text);
          }
        };
    return checked(items, atLeast);
  }

  /** Words parted by blanks; at least so many. */
  List<String> words(int atLeast) {
    return checked(Whitespace.words(text), atLeast);
  }

  private List<String> checked(List<String> items, int atLeast) {
    if (items.size() < atLeast) {
      throw tooFew(atLeast == 1 ? "needs an argument" : "needs a source and a destination");
    }
    return items;
  }

  /** An array of strings is an argument vector, everything else is for the shell. */
  Command command() {
    return switch (JsonForm.of(text)) {
      case JsonForm.Strings(var strings) -> new Command.Exec(strings);
      case JsonForm.OtherItems() -> throw notStrings();
      case JsonForm.None none -> {
        warnAbout(none);
        yield new Command.Shell(whole());
      }
    };
  }

  /** An array of strings and nothing else. */
  List<String> onlyJson() {
    if (JsonForm.of(text) instanceof JsonForm.Strings(var strings)) {
      return checked(strings, 1);
    }
    throw Failure.of(
            "invalid-json",
            keyword + " takes a JSON array of strings, not " + Excerpt.of(text),
            keyword.usage())
        .in(raw.placeOf(text))
        .toException();
  }

  void warn(String name, String message) {
    warnings.accept(new Finding(name, message, Optional.of(raw.at())));
  }

  private void warnAbout(JsonForm.None none) {
    if (none.lookedLikeIt()) {
      warn(
          "InvalidJsonForm",
          Excerpt.of(text) + " looks like the JSON form but is no JSON array; it is read as text");
    }
  }

  FailureException tooFew(String what) {
    var written = text.isEmpty() ? "" : ", not " + Excerpt.of(text);
    var message = keyword + " " + what + written;
    return text.isEmpty()
        ? Failure.of("invalid-arguments", message, keyword.usage())
            .in(raw.places().at(0))
            .toException()
        : invalidAt(text, message, keyword.usage());
  }

  /** Something is wrong with this word. */
  FailureException invalidAt(String word, String message, String advice) {
    return Failure.of("invalid-arguments", message, advice).in(raw.placeOf(word)).toException();
  }

  FailureException invalid(String message, String advice) {
    return Failure.of("invalid-arguments", message, advice).toException();
  }

  private FailureException notStrings() {
    return Failure.of(
            "invalid-json",
            "something in the array is not a string: " + Excerpt.of(text),
            "put every item in double quotes")
        .in(raw.placeOf(text))
        .toException();
  }
}
