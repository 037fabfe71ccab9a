package dev.birgus.planner.lint;

import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.instruct.Instruction;
import dev.birgus.planner.instruct.Instruction.Command;
import dev.birgus.planner.syntax.Excerpt;
import dev.birgus.planner.syntax.RawInstruction;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rules about the instructions of one stage. They follow its variables as a build does. */
final class StageRules {

  private final LintInput input;
  private final Findings findings;
  private final Map<SourceLocation, RawInstruction> raw;
  private final SourceRules sources;
  private final StageState state;
  private final Set<String> definedLater;

  /**
   * The rules for a stage.
   *
   * @param definedLater variables its own instructions set, wherever in it
   */
  StageRules(
      LintInput input,
      Findings findings,
      Map<SourceLocation, RawInstruction> raw,
      SourceRules sources,
      StageState state,
      Set<String> definedLater) {
    this.input = input;
    this.findings = findings;
    this.raw = raw;
    this.sources = sources;
    this.state = state;
    this.definedLater = definedLater;
  }

  void check(Instruction instruction) {
    var words = new Lookups(state.values, input.file().escape());
    var at = instruction.source().at();
    switch (instruction) {
      case Instruction.From _, Instruction.Maintainer _ -> {}
      case Instruction.OnBuild onBuild -> state.putOff.add(onBuild.trigger());
      case Instruction.Arg arg -> argument(arg);
      case Instruction.Env env -> environment(env);
      case Instruction.Label label -> assignments(label.labels(), words);
      case Instruction.Run _ -> mounts(at, words);
      case Instruction.Copy copy -> sources.check("COPY", copy.transfer(), at, words);
      case Instruction.Add add -> sources.check("ADD", add.transfer(), at, words);
      case Instruction.Workdir workdir -> directory(workdir, words);
      case Instruction.User user -> words.word(user.user());
      case Instruction.Cmd cmd -> {
        usedOnce("CMD", at);
        command("CMD", cmd.command(), at);
      }
      case Instruction.Entrypoint entrypoint -> {
        usedOnce("ENTRYPOINT", at);
        command("ENTRYPOINT", entrypoint.command(), at);
      }
      case Instruction.Healthcheck _ -> usedOnce("HEALTHCHECK", at);
      case Instruction.Expose expose -> expose(expose, words);
      case Instruction.Volume volume -> volume.paths().forEach(words::word);
      case Instruction.StopSignal signal -> words.word(signal.signal());
      case Instruction.Shell _ -> state.hasShell = true;
    }
    undefined(words, at, Set.of());
  }

  /** One after the other: an argument sees those before it in its own instruction. */
  private void argument(Instruction.Arg arg) {
    for (var argument : arg.arguments()) {
      var name = argument.name();
      secret("ARG", name, arg.source().at());
      var words = new Lookups(state.values, input.file().escape());
      var given = Optional.ofNullable(input.arguments().get(name));
      var value =
          given
              .or(() -> argument.defaultValue().flatMap(words::word))
              .or(() -> Optional.ofNullable(input.globals().get(name)));
      undefined(words, arg.source().at(), Set.of(name));
      state.declared.add(name);
      value.ifPresent(known -> state.values.put(name, known));
    }
  }

  /** Its variables are known only behind it, so none is taken for a misspelling of itself. */
  private void environment(Instruction.Env env) {
    var words = new Lookups(state.values, input.file().escape());
    var values = assignments(env.variables(), words);
    values.keySet().forEach(name -> secret("ENV", name, env.source().at()));
    undefined(words, env.source().at(), extended(env.variables(), words));
    state.values.putAll(values);
  }

  /** The variables without a value that are set to something with their own in it. */
  private Set<String> extended(List<Instruction.Assignment> written, Lookups words) {
    var names = new HashSet<String>();
    for (var assignment : written) {
      if (words.missing().contains(assignment.name())) {
        var own = new Lookups(state.values, input.file().escape());
        own.word(assignment.value());
        own.missing().stream().filter(assignment.name()::equals).forEach(names::add);
      }
    }
    return names;
  }

  private static Map<String, String> assignments(
      List<Instruction.Assignment> written, Lookups words) {
    var values = new LinkedHashMap<String, String>();
    for (var assignment : written) {
      var value = words.word(assignment.value()).orElse("");
      words.word(assignment.name()).ifPresent(name -> values.put(name, value));
    }
    return values;
  }

  private void secret(String instruction, String name, SourceLocation at) {
    if (SecretNames.isSecret(name)) {
      findings.add(
          Rule.SECRETS_USED_IN_ARG_OR_ENV,
          at,
          instruction + " " + Excerpt.of(name) + " looks like a secret, which it would not keep");
    }
  }

  private void mounts(SourceLocation at, Lookups words) {
    var run = raw.get(at);
    if (run == null || !run.isNamed("RUN")) {
      return; // A trigger: its place is that of the FROM.
    }
    for (var flag : run.flags()) {
      if (flag.startsWith("--mount=")) {
        words.word(flag);
      }
    }
  }

  private void directory(Instruction.Workdir workdir, Lookups words) {
    var path = words.word(workdir.path()).orElse(workdir.path());
    if (!state.hasDirectory && !path.startsWith("/")) {
      findings.add(
          Rule.WORKDIR_RELATIVE_PATH,
          workdir.source().at(),
          "WORKDIR "
              + Excerpt.of(workdir.path())
              + " is relative to whatever directory the base image works in");
    }
    state.hasDirectory = true;
  }

  /** The place is that of the instruction without effect. */
  private void usedOnce(String name, SourceLocation at) {
    var before = state.last.put(name, at);
    if (before != null) {
      findings.add(
          Rule.MULTIPLE_INSTRUCTIONS_DISALLOWED,
          before,
          "this " + name + " has no effect: line " + at.line() + " has another one");
    }
  }

  private void command(String name, Command command, SourceLocation at) {
    if (command instanceof Command.Shell && !state.hasShell) {
      findings.add(
          Rule.JSON_ARGS_RECOMMENDED,
          at,
          name + " in shell form keeps signals from the program; write it as a JSON array");
    }
  }

  private void expose(Instruction.Expose expose, Lookups words) {
    var at = expose.source().at();
    for (var word : expose.ports()) {
      for (var port : words.words(word)) {
        var slash = port.lastIndexOf('/');
        var protocol = slash < 0 ? "" : port.substring(slash + 1);
        if (!protocol.equals(protocol.toLowerCase(Locale.ROOT))) {
          findings.add(
              Rule.EXPOSE_PROTO_CASING,
              at,
              "the protocol of EXPOSE " + Excerpt.of(port) + " has upper-case letters");
        }
        if (port.indexOf(':') >= 0) {
          findings.add(
              Rule.EXPOSE_INVALID_FORMAT,
              at,
              "EXPOSE " + Excerpt.of(port) + ": an address and a host's port have no effect here");
        }
      }
    }
  }

  /**
   * Tells of variables without a value.
   *
   * @param extended those the instruction adds something to: nobody misspells a name twice, so a
   *     base image nobody has looked at is taken to set them
   */
  private void undefined(Lookups words, SourceLocation at, Set<String> extended) {
    if (words.missing().isEmpty() || !findings.looksAt(Rule.UNDEFINED_VAR, at)) {
      return;
    }
    for (var name : words.missing()) {
      if (state.declared.contains(name) || findings.isFull()) {
        continue;
      }
      var near = findings.nearMiss().of(name, state.values.keySet());
      var isSuspicious = near.isPresent() || definedLater.contains(name);
      if (state.baseIsKnown
          || GlobalScope.PLATFORM_ARGUMENTS.contains(name)
          || (isSuspicious && !extended.contains(name))) {
        findings.add(
            Rule.UNDEFINED_VAR,
            at,
            "the variable " + Excerpt.of("$" + name) + " is not defined" + NearMiss.question(near));
      }
    }
  }
}
