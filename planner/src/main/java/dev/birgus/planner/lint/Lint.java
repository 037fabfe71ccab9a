package dev.birgus.planner.lint;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.instruct.DockerfileParser;
import dev.birgus.planner.instruct.Instruction;
import dev.birgus.planner.syntax.Directive;
import dev.birgus.planner.syntax.Dockerfile;
import dev.birgus.planner.syntax.RawInstruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs the build checks over a Dockerfile. */
public final class Lint {

  /** Variables handed on from stage to stage; no Dockerfile a person wrote has so many. */
  private static final int MOST_COPIED = 2_000_000;

  private final LintInput input;
  private final Findings findings;
  private final CommentBlocks comments;
  private final Map<SourceLocation, RawInstruction> raw = new HashMap<>();
  private final SourceRules sources;
  private final List<Section> sections;

  private Lint(LintInput input, CheckOptions options) {
    this.input = input;
    this.comments = new CommentBlocks(input.text(), input.file());
    this.findings = new Findings(options, comments);
    this.sources = new SourceRules(findings, raw);
    this.sections = sections(input);
    input.file().instructions().forEach(one -> raw.put(one.at(), one));
  }

  /**
   * The options of a build: those of its build argument, else those of the Dockerfile's directive.
   *
   * @throws FailureException named {@code invalid-check-option}
   */
  public static CheckOptions options(Dockerfile file, Map<String, String> arguments) {
    var argument = arguments.get(CheckOptions.ARGUMENT);
    if (argument != null) {
      return CheckOptions.parse(argument);
    }
    var directive = directive(file);
    try {
      return directive.map(check -> CheckOptions.parse(check.value())).orElse(CheckOptions.DEFAULT);
    } catch (FailureException invalid) {
      throw directive
          .map(check -> invalid.failure().in(check.at()))
          .orElseGet(invalid::failure)
          .toException(invalid);
    }
  }

  private static Optional<Directive> directive(Dockerfile file) {
    return file.directives().stream().filter(one -> one.name().equals("check")).findFirst();
  }

  /** Looks at a Dockerfile with these options. */
  public static LintReport check(LintInput input, CheckOptions options) {
    return new Lint(input, options).check(options);
  }

  private LintReport check(CheckOptions options) {
    input.known().stream().filter(this::isWanted).forEach(findings::add);
    var place = directive(input.file()).map(Directive::at);
    options
        .unknownNames()
        .forEach(message -> findings.add(new Finding("unknown-check", message, place)));
    new FormRules(findings, comments).check(input.file().instructions());
    if (input.looksIntoAny()) {
      stages();
    }
    return new LintReport(findings.sorted(), sources.sources());
  }

  /** Whoever read the file told this of every stage, and the rule is about those that run. */
  private boolean isWanted(Finding finding) {
    return !finding.name().equals(Rule.LEGACY_KEY_VALUE_FORMAT.ruleName())
        || !input.looksIntoAny()
        || finding.at().map(at -> input.looksInto(stageAt(at.line()))).orElse(true);
  }

  private int stageAt(int line) {
    var stage = -1;
    for (var section : sections) {
      if (section.from().source().at().line() > line) {
        break;
      }
      stage++;
    }
    return stage;
  }

  private void stages() {
    var globals = GlobalScope.of(input);
    var fromRules = new FromRules(findings, globals, input.file().escape());
    var byName = new HashMap<String, StageState>();
    var index = -1;
    var copied = 0L;
    for (var section : sections) {
      index++;
      if (copied > MOST_COPIED) {
        return;
      }
      var from = section.from();
      fromRules.check(from, byName.keySet());
      var state = begin(index, from, globals, byName);
      copied += state.values.size();
      // A stage nobody looks into still defines what those built on it see.
      var into = input.looksInto(index) ? findings : new Findings(CheckOptions.NOTHING, comments);
      var rules =
          new StageRules(
              input,
              into,
              raw,
              input.looksInto(index) ? sources : new SourceRules(into, raw),
              state,
              defined(section.instructions()));
      triggered(state, from).forEach(rules::check);
      section.instructions().forEach(rules::check);
      from.name().ifPresent(name -> byName.put(name.toLowerCase(Locale.ROOT), state));
    }
  }

  /** A FROM and what follows it. */
  private record Section(Instruction.From from, List<Instruction> instructions) {}

  /** What images and stages do to those built on them, as if it stood in FROM. */
  private List<Instruction> triggered(StageState state, Instruction.From from) {
    var instructions = new ArrayList<Instruction>();
    for (var trigger : state.triggers) {
      var at = from.source().at();
      instructions.addAll(
          DockerfileParser.parseTrigger(trigger, at, input.file().escape()).instructions());
    }
    return instructions;
  }

  private static List<Section> sections(LintInput input) {
    var sections = new ArrayList<Section>();
    for (var instruction : input.instructions()) {
      if (instruction instanceof Instruction.From from) {
        sections.add(new Section(from, new ArrayList<>()));
      } else if (!sections.isEmpty()) {
        sections.getLast().instructions().add(instruction);
      }
    }
    return sections;
  }

  private StageState begin(
      int index, Instruction.From from, GlobalScope globals, Map<String, StageState> byName) {
    var image = input.images().get(index);
    if (image != null) {
      return StageState.on(image);
    }
    var words = new Lookups(globals.values(), input.file().escape());
    var name = words.word(from.image()).orElse("").toLowerCase(Locale.ROOT);
    if (name.equals("scratch")) {
      return StageState.onScratch();
    }
    var parent = byName.get(name);
    return parent == null ? StageState.onUnknown() : parent.successor();
  }

  private static Set<String> defined(List<Instruction> instructions) {
    var names = new HashSet<String>();
    for (var instruction : instructions) {
      if (instruction instanceof Instruction.Arg arg) {
        arg.arguments().forEach(argument -> names.add(argument.name()));
      } else if (instruction instanceof Instruction.Env env) {
        env.variables().forEach(variable -> names.add(variable.name()));
      }
    }
    return names;
  }
}
