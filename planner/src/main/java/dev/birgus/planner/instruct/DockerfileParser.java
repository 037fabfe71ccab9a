package dev.birgus.planner.instruct;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.syntax.Directive;
import dev.birgus.planner.syntax.Dockerfile;
import dev.birgus.planner.syntax.RawInstruction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Reads a Dockerfile to instructions. The language is that of the Dockerfile reference; where the
 * reference says nothing, BuildKit's behaviour is followed.
 *
 * <p>Any text gives a result, in time proportional to its length; what is wrong with it is in the
 * result's errors, all that can be found at once, up to 100.
 *
 * <p>Heredocs: a RUN that is one heredoc becomes a shell command with its content; a RUN with
 * several, or with a command before them, becomes a shell command that holds them as written, for
 * the shell to read. A RUN heredoc whose first line names an interpreter, and COPY and ADD with
 * heredocs, are refused as {@code not-supported-yet}. Their lines are never read as instructions.
 */
public final class DockerfileParser {

  private static final int MAX_ERRORS = 100;

  private final List<Instruction> instructions = new ArrayList<>();
  private final List<Failure> errors = new ArrayList<>();
  private final List<Finding> warnings = new ArrayList<>();
  private final Dockerfile file;
  private final InstructionReader reader;
  private boolean knowsStages;

  private DockerfileParser(Dockerfile file) {
    this.file = file;
    this.reader = new InstructionReader(file.escape(), warnings::add);
    this.knowsStages = file.errors().isEmpty();
    errors.addAll(file.errors());
    warnings.addAll(file.warnings());
  }

  /**
   * What a text was read to.
   *
   * @param instructions those that are well-formed, in order; complete only if there are no errors
   * @param errors in the order of the file, each with its place
   * @param warnings in the order of the file
   * @param escape backslash or backtick, for expanding words
   * @param directives of the file's first lines, what it says about build checks among them
   * @param knowsStages whether every FROM is among the instructions, so that one knows which stage
   *     each of them is in, errors or not
   */
  public record ParseResult(
      List<Instruction> instructions,
      List<Failure> errors,
      List<Finding> warnings,
      char escape,
      List<Directive> directives,
      boolean knowsStages) {
    public ParseResult {
      instructions = List.copyOf(instructions);
      errors = List.copyOf(errors);
      warnings = List.copyOf(warnings);
      directives = List.copyOf(directives);
    }
  }

  /**
   * Reads a Dockerfile, which begins with ARG or FROM and has at least one FROM.
   *
   * @param fileName as the user named it, for messages
   */
  public static ParseResult parse(String fileName, String text) {
    var parser = new DockerfileParser(Dockerfile.parse(fileName, text));
    parser.readAll();
    if (parser.errors.isEmpty()) {
      parser.requireStage(SourceLocation.ofLine(fileName, 1));
    }
    return parser.result();
  }

  /**
   * Reads the one instruction of an ONBUILD trigger.
   *
   * @param at the place it counts as, usually the FROM that brought it
   * @param escape of the file it came from; images do not say, so it is the backslash for theirs
   */
  public static ParseResult parseTrigger(String trigger, SourceLocation at, char escape) {
    var parser = new DockerfileParser(Dockerfile.parseFragment(trigger, at, escape));
    parser.readTrigger(at);
    return parser.result();
  }

  private void readAll() {
    var inStage = false;
    for (var raw : file.instructions()) {
      if (errors.size() >= MAX_ERRORS) {
        break;
      }
      if (!inStage) {
        var keyword = Keyword.of(raw);
        // What cannot be read may have been meant as the FROM: that is error enough.
        inStage = keyword.isEmpty() || keyword.get() == Keyword.FROM;
        if (keyword.isPresent() && keyword.get() != Keyword.ARG && !inStage) {
          knowsStages = false;
          errors.add(beforeFirstStage(raw));
          inStage = true;
        }
      }
      read(raw);
    }
  }

  private void readTrigger(SourceLocation at) {
    if (file.instructions().size() != 1) {
      if (errors.isEmpty()) {
        errors.add(
            Failure.of(
                    "invalid-trigger",
                    "an ONBUILD trigger is not one instruction but " + file.instructions().size(),
                    "look at the OnBuild list of the image")
                .in(at));
      }
      return;
    }
    var raw = file.instructions().getFirst();
    try {
      InstructionReader.refuseTrigger(raw);
    } catch (FailureException wrong) {
      errors.add(wrong.failure());
      return;
    }
    read(raw);
  }

  private void read(RawInstruction raw) {
    try {
      instructions.add(reader.read(raw));
    } catch (FailureException wrong) {
      knowsStages &= !mayBeFrom(raw);
      errors.add(wrong.failure());
    }
  }

  private static boolean mayBeFrom(RawInstruction raw) {
    return Keyword.of(raw)
        .map(Keyword::name)
        .or(() -> Suggestion.nearest(raw.name().toUpperCase(Locale.ROOT), Keyword.names()))
        .filter(name -> !name.equals(Keyword.FROM.name()))
        .isEmpty();
  }

  private void requireStage(SourceLocation top) {
    if (instructions.isEmpty()) {
      errors.add(
          Failure.of(
                  "no-stage",
                  "there are no instructions in " + top.file(),
                  "begin with FROM and the image to build on, or FROM scratch")
              .in(top));
    } else if (instructions.stream().noneMatch(Instruction.From.class::isInstance)) {
      errors.add(
          Failure.of(
                  "no-stage",
                  "there is no FROM in " + top.file(),
                  "name the image to build on, or FROM scratch")
              .in(top));
    }
  }

  private static Failure beforeFirstStage(RawInstruction raw) {
    return Failure.of(
            "no-stage",
            raw.name() + " stands before the first FROM",
            "only ARG can; begin with FROM and the image to build on")
        .in(raw.at());
  }

  private ParseResult result() {
    errors.sort(
        Comparator.comparingInt(DockerfileParser::line).thenComparingInt(DockerfileParser::column));
    warnings.sort(
        Comparator.comparingInt(warning -> warning.at().map(SourceLocation::line).orElse(0)));
    var shown = errors.subList(0, Math.min(errors.size(), MAX_ERRORS));
    return new ParseResult(
        instructions, shown, warnings, file.escape(), file.directives(), knowsStages);
  }

  private static int column(Failure failure) {
    return failure.at().map(SourceLocation::column).orElse(0);
  }

  private static int line(Failure failure) {
    return failure.at().map(SourceLocation::line).orElse(0);
  }
}
