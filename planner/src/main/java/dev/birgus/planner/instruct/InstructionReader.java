package dev.birgus.planner.instruct;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.planner.instruct.Instruction.Argument;
import dev.birgus.planner.instruct.Instruction.Assignment;
import dev.birgus.planner.instruct.Instruction.Command;
import dev.birgus.planner.instruct.Instruction.Run;
import dev.birgus.planner.instruct.Instruction.Source;
import dev.birgus.planner.syntax.Excerpt;
import dev.birgus.planner.syntax.RawInstruction;
import dev.birgus.planner.syntax.Whitespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes an instruction of its outer form, or says what is wrong with it. */
final class InstructionReader {

  static final String NOT_SUPPORTED = "not-supported-yet";

  private final char escape;
  private final Consumer<Finding> warnings;

  InstructionReader(char escape, Consumer<Finding> warnings) {
    this.escape = escape;
    this.warnings = warnings;
  }

  /**
   * The instruction.
   *
   * @throws FailureException naming its place, if there is no such instruction or it is not
   *     well-formed
   */
  Instruction read(RawInstruction raw) {
    try {
      var keyword = Keyword.of(raw).orElseThrow(() -> unknown(raw));
      var source = new Source(raw.at(), raw.text(), raw.places());
      return read(source, Arguments.of(raw, keyword, warnings));
    } catch (FailureException wrong) {
      throw wrong.failure().in(raw.at()).toException(wrong);
    }
  }

  private Instruction read(Source source, Arguments arguments) {
    if (InstructionFlags.of(arguments.keyword()).isEmpty()) {
      Flags.refuseAll(arguments.raw(), arguments.keyword());
    }
    return switch (arguments.keyword()) {
      case ADD -> new Instruction.Add(source, TransferReader.read(arguments));
      case ARG -> new Instruction.Arg(source, arguments(arguments));
      case CMD -> new Instruction.Cmd(source, arguments.command());
      case COPY -> new Instruction.Copy(source, TransferReader.read(arguments));
      case ENTRYPOINT -> new Instruction.Entrypoint(source, arguments.command());
      case ENV -> new Instruction.Env(source, assignments(arguments));
      case EXPOSE -> new Instruction.Expose(source, arguments.words(1));
      case FROM -> FromReader.read(source, arguments);
      case HEALTHCHECK -> HealthcheckReader.read(source, arguments);
      case LABEL -> new Instruction.Label(source, assignments(arguments));
      case MAINTAINER -> maintainer(source, arguments);
      case ONBUILD -> onBuild(source, arguments);
      case RUN -> run(source, arguments);
      case SHELL -> new Instruction.Shell(source, arguments.onlyJson());
      case STOPSIGNAL -> new Instruction.StopSignal(source, arguments.whole());
      case USER -> new Instruction.User(source, arguments.whole());
      case VOLUME -> volume(source, arguments);
      case WORKDIR -> new Instruction.Workdir(source, arguments.whole());
    };
  }

  private static Instruction run(Source source, Arguments arguments) {
    var raw = arguments.raw();
    Flags.of(raw, Keyword.RUN, InstructionFlags.of(Keyword.RUN));
    RunFlags.of(raw.flags(), raw::placeOf);
    var script = script(raw);
    if (script.isPresent()) {
      return new Run(source, new Command.Shell(script.get().path()), raw.flags(), script);
    }
    var command = raw.heredocs().isEmpty() ? arguments.command() : heredocCommand(raw);
    if (command instanceof Command.Exec(var words) && words.isEmpty()) {
      throw arguments.tooFew("needs a command");
    }
    if (command instanceof Command.Exec(var words) && words.getFirst().isEmpty()) {
      throw arguments.invalidAt(
          arguments.text(), "the command is empty", "name the program first in the array");
    }
    return new Run(source, command, raw.flags(), Optional.empty());
  }

  /** A command that is one heredoc whose first line names its interpreter. */
  private static Optional<Instruction.Script> script(RawInstruction raw) {
    if (raw.heredocs().isEmpty() || !raw.arguments().equals(raw.heredocs().getFirst().word())) {
      return Optional.empty();
    }
    var heredoc = raw.heredocs().getFirst();
    if (!heredoc.body().startsWith("#!")) {
      return Optional.empty();
    }
    if (heredoc.name().contains("/") || heredoc.name().startsWith(".")) {
      throw Failure.of(
              "invalid-heredoc",
              "the heredoc " + Excerpt.of(heredoc.name()) + " cannot be the name of a program",
              "name it with letters only, such as EOF")
          .toException();
    }
    return Optional.of(new Instruction.Script(heredoc.name(), heredoc.content()));
  }

  /**
   * A command that is one heredoc and nothing else is what stands in it; the shell gets it as if it
   * had been written in the line. In any other the shell reads the heredocs itself.
   */
  private static Command heredocCommand(RawInstruction raw) {
    var first = raw.heredocs().getFirst();
    if (!raw.arguments().equals(first.word())) {
      return new Command.Shell(raw.argumentsWithHeredocs());
    }
    return new Command.Shell(first.content());
  }

  private List<Assignment> assignments(Arguments arguments) {
    var text = arguments.whole();
    var words = NameValueWords.split(text, escape);
    if (words.isEmpty() || words.getFirst().indexOf('=') < 0) {
      return List.of(legacyAssignment(arguments, text));
    }
    var assignments = new ArrayList<Assignment>();
    for (var word : words) {
      var equals = word.indexOf('=');
      if (equals < 0) {
        throw arguments.invalidAt(
            word,
            "there is no = in " + Excerpt.of(word),
            "write name=value, and quotes around a value with blanks in it");
      }
      var value = word.substring(equals + 1);
      assignments.add(new Assignment(name(arguments, word, equals), value));
    }
    return assignments;
  }

  private static Assignment legacyAssignment(Arguments arguments, String text) {
    var nameEnd = Whitespace.wordEnd(text);
    var valueStart = nameEnd;
    while (valueStart < text.length() && Whitespace.separates(text.charAt(valueStart))) {
      valueStart++;
    }
    var name = text.substring(0, nameEnd);
    if (valueStart == text.length()) {
      throw arguments.invalidAt(
          name, arguments.keyword() + " has no value for " + Excerpt.of(name), "write name=value");
    }
    arguments.warn(
        "LegacyKeyValueFormat",
        arguments.keyword() + " name=value should be used instead of the old form without =");
    return new Assignment(name, text.substring(valueStart));
  }

  private List<Argument> arguments(Arguments arguments) {
    var result = new ArrayList<Argument>();
    for (var word : NameValueWords.split(arguments.whole(), escape)) {
      var equals = word.indexOf('=');
      result.add(
          equals < 0
              ? new Argument(word, Optional.empty())
              : new Argument(
                  name(arguments, word, equals), Optional.of(word.substring(equals + 1))));
    }
    if (result.isEmpty()) {
      throw arguments.tooFew("needs an argument");
    }
    return result;
  }

  private static String name(Arguments arguments, String word, int equals) {
    if (equals == 0) {
      throw arguments.invalidAt(
          word,
          arguments.keyword() + " has a value without a name: " + Excerpt.of(word),
          "write name=value, without blanks");
    }
    return word.substring(0, equals);
  }

  private static Instruction maintainer(Source source, Arguments arguments) {
    var maintainer = new Instruction.Maintainer(source, arguments.whole());
    arguments.warn(
        "MaintainerDeprecated",
        "MAINTAINER is deprecated, the label org.opencontainers.image.authors takes its place");
    return maintainer;
  }

  private static Instruction volume(Source source, Arguments arguments) {
    var paths = arguments.list(1);
    for (var path : paths) {
      if (Whitespace.strip(path).isEmpty()) {
        throw arguments.invalidAt(
            '"' + path + '"', "a path of VOLUME is empty", "remove it or name a directory");
      }
    }
    return new Instruction.Volume(source, paths.stream().map(Whitespace::strip).toList());
  }

  /** The trigger is read here too, so that what is wrong with it is found where it is written. */
  private Instruction onBuild(Source source, Arguments arguments) {
    var trigger = arguments.raw().inner();
    if (trigger.name().isEmpty()) {
      throw arguments.tooFew("needs an instruction");
    }
    refuseTrigger(trigger);
    try {
      read(trigger);
    } catch (FailureException wrong) {
      // Whoever builds on the image may be able to do what we are not.
      if (!wrong.failure().name().equals(NOT_SUPPORTED)) {
        throw wrong;
      }
    }
    return new Instruction.OnBuild(source, trigger.textWithHeredocs());
  }

  /** Fails for the instructions that cannot be triggers. */
  static void refuseTrigger(RawInstruction trigger) {
    for (var keyword : List.of(Keyword.ONBUILD, Keyword.FROM, Keyword.MAINTAINER)) {
      if (trigger.isNamed(keyword.name())) {
        throw Failure.of(
                "invalid-trigger",
                keyword + " cannot be triggered by ONBUILD",
                "use any instruction but ONBUILD, FROM and MAINTAINER")
            .in(trigger.places().at(0))
            .toException();
      }
    }
  }

  private static FailureException unknown(RawInstruction raw) {
    var name = raw.name();
    return Failure.of(
            "unknown-instruction",
            "there is no instruction " + Excerpt.of(name),
            Suggestion.orElse(
                name.length() < 20 ? name.toUpperCase(Locale.ROOT) : name,
                Keyword.names(),
                "see the instructions in the Dockerfile reference; a line that continues another"
                    + " needs the escape character at the end of that one"))
        .in(raw.places().at(0))
        .toException();
  }
}
