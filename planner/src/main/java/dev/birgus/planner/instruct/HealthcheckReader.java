package dev.birgus.planner.instruct;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.planner.instruct.Instruction.Command;
import dev.birgus.planner.instruct.Instruction.Healthcheck;
import dev.birgus.planner.instruct.Instruction.Source;
import dev.birgus.planner.syntax.Excerpt;
import dev.birgus.planner.syntax.Whitespace;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads HEALTHCHECK. */
final class HealthcheckReader {

  private static final long SHORTEST = 1_000_000;

  private HealthcheckReader() {}

  static Healthcheck read(Source source, Arguments arguments) {
    var flags =
        Flags.of(arguments.raw(), Keyword.HEALTHCHECK, InstructionFlags.of(Keyword.HEALTHCHECK));
    var text = arguments.whole();
    var kindEnd = Whitespace.wordEnd(text);
    var kind = text.substring(0, kindEnd).toUpperCase(Locale.ROOT);
    var rest = Whitespace.strip(text.substring(kindEnd));
    if (kind.equals("NONE")) {
      return none(source, arguments, rest);
    }
    if (!kind.equals("CMD")) {
      throw arguments.invalidAt(
          text.substring(0, kindEnd),
          "HEALTHCHECK begins with " + Excerpt.of(text.substring(0, kindEnd)),
          Suggestion.orElse(kind, List.of("CMD", "NONE"), Keyword.HEALTHCHECK.usage()));
    }
    return new Healthcheck(
        source,
        Optional.of(command(arguments, rest)),
        duration(flags, "interval"),
        duration(flags, "timeout"),
        duration(flags, "start-period"),
        duration(flags, "start-interval"),
        retries(flags));
  }

  private static Healthcheck none(Source source, Arguments arguments, String rest) {
    if (!rest.isEmpty()) {
      throw arguments.invalidAt(
          rest,
          "HEALTHCHECK NONE takes no arguments, not " + Excerpt.of(rest),
          "remove them, or write HEALTHCHECK CMD");
    }
    if (!arguments.raw().flags().isEmpty()) {
      arguments.warn("HealthcheckNoneFlags", "the flags of HEALTHCHECK NONE have no effect");
    }
    return new Healthcheck(source, Optional.empty(), 0, 0, 0, 0, 0);
  }

  private static Command command(Arguments arguments, String rest) {
    var command = rest.isEmpty() ? new Command.Exec(List.of()) : arguments.part(rest).command();
    if (command instanceof Command.Exec(var words) && words.isEmpty()) {
      throw arguments.tooFew("CMD needs a command");
    }
    return command;
  }

  private static long duration(Flags flags, String name) {
    var written = flags.take(name);
    if (written.isEmpty()) {
      return 0;
    }
    var nanoseconds = GoDuration.parse(written.get());
    if (nanoseconds.isEmpty()) {
      throw invalid(flags, name, "is not a duration", "write it like 30s or 1m30s");
    }
    if (nanoseconds.getAsLong() != 0 && nanoseconds.getAsLong() < SHORTEST) {
      throw invalid(flags, name, "is less than 1ms", "give at least 1ms, or 0");
    }
    return nanoseconds.getAsLong();
  }

  private static int retries(Flags flags) {
    var written = flags.take("retries").orElse("0");
    var digits = written.startsWith("+") ? written.substring(1) : written;
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw invalid(flags, "retries", "is not a number", "give a number from 0 on");
    }
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException _) {
      throw invalid(flags, "retries", "is too large", "give a smaller number");
    }
  }

  private static FailureException invalid(Flags flags, String name, String problem, String advice) {
    return Failure.of("invalid-flag", Excerpt.of(flags.written(name)) + " " + problem, advice)
        .in(flags.placeOf(name))
        .toException();
  }
}
