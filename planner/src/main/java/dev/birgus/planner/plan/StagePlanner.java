package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Grants;
import dev.birgus.infra.contracts.Isolation;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.RunMount;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.Step;
import dev.birgus.infra.json.JsonText;
import dev.birgus.planner.instruct.Instruction;
import dev.birgus.planner.instruct.Instruction.Command;
import dev.birgus.planner.instruct.RunFlags;
import dev.birgus.planner.lint.Rule;
import dev.birgus.planner.syntax.Excerpt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Goes through the instructions of one stage. */
final class StagePlanner {

  /** About what an entry of an environment takes, in characters. */
  private static final int PER_VARIABLE = 64;

  private static final Comparator<Failure> IN_ORDER =
      Comparator.comparing(
          failure -> failure.at().orElseThrow(),
          Comparator.comparingInt(SourceLocation::line).thenComparingInt(SourceLocation::column));

  private final Surroundings surroundings;
  private final StageOutline outline;
  private final Foundation foundation;
  private final ContainerSettings settings;
  private final Variables variables;
  private final StageKey key;
  private final List<Step> steps = new ArrayList<>();
  private Instruction.Source here;

  /**
   * A planned stage.
   *
   * @param variables for the stages built on it
   */
  record Planned(Stage stage, Variables variables) {}

  StagePlanner(Surroundings surroundings, StageOutline outline, Foundation foundation) {
    this.surroundings = surroundings;
    this.outline = outline;
    this.foundation = foundation;
    this.settings = new ContainerSettings(foundation.config());
    this.variables = foundation.variables();
    this.key = new StageKey(foundation.base());
    this.here = outline.from().source();
  }

  /**
   * Plans the stage. What is wrong with an instruction goes to the surroundings, and the next
   * instruction is looked at all the same.
   */
  Planned plan() {
    var labelsWin = !surroundings.request().options().dockerfileLabelsWin();
    if (surroundings.isTarget(outline) && !labelsWin) {
      settings.label(surroundings.request().labels());
    }
    for (var item : outline.items()) {
      here = item.instruction().source();
      try {
        apply(item);
      } catch (FailureException failed) {
        surroundings.fail(failed.failure().in(here.at()));
      }
    }
    if (surroundings.isTarget(outline) && labelsWin) {
      settings.label(surroundings.request().labels());
    }
    var config = settings.config();
    spend(JsonText.text(config.json()).length());
    var id = key.finish(config, surroundings.options());
    return new Planned(
        new Stage(id, outline.index(), outline.name(), foundation.base(), steps, config),
        variables);
  }

  private void apply(StageOutline.Item item) {
    switch (item.instruction()) {
      case Instruction.From _ ->
          throw invalid("invalid-trigger", "FROM is no trigger", "leave it out of ONBUILD");
      case Instruction.Arg arg -> argument(arg);
      case Instruction.Env env -> {
        var assignments = expanded(env.variables());
        var values = values(assignments);
        values.forEach(variables::set);
        settings.environment(values);
        record(History.assignments("ENV", assignments));
      }
      case Instruction.Label label -> {
        var assignments = expanded(label.labels());
        settings.label(values(assignments));
        record(History.assignments("LABEL", assignments));
      }
      case Instruction.Run run -> run(run, item);
      case Instruction.Copy(_, var transfer) -> transfer("COPY", transfer, item);
      case Instruction.Add(_, var transfer) -> transfer("ADD", transfer, item);
      case Instruction.Workdir workdir -> workingDirectory(workdir);
      case Instruction.User user -> user(user);
      case Instruction.Cmd(_, var command) -> {
        var words = commandLine(command);
        settings.command(words);
        record(History.quoted("CMD", words));
      }
      case Instruction.Entrypoint(_, var command) -> {
        var words = commandLine(command);
        settings.entrypoint(words);
        record(History.quoted("ENTRYPOINT", words));
      }
      case Instruction.Expose expose -> expose(expose);
      case Instruction.Volume volume -> volume(volume);
      case Instruction.StopSignal signal -> stopSignal(signal);
      case Instruction.Shell(_, var shell) -> {
        settings.shell(shell);
        record(History.listed("SHELL", shell));
      }
      case Instruction.Healthcheck check -> {
        settings.healthcheck(check);
        record(History.healthcheck(check));
      }
      case Instruction.OnBuild(_, var trigger) -> {
        settings.onBuild(trigger);
        record("ONBUILD " + trigger);
      }
      case Instruction.Maintainer(_, var name) -> {
        settings.author(name);
        record("MAINTAINER " + name);
      }
    }
  }

  private void argument(Instruction.Arg arg) {
    var words = expansion();
    var given = surroundings.request().arguments();
    var history = new StringBuilder("ARG");
    for (var argument : arg.arguments()) {
      var name = argument.name();
      // A default that does not count is not looked at, and a later one may name an earlier one.
      var value =
          Optional.ofNullable(given.get(name))
              .or(() -> argument.defaultValue().map(words::word))
              .or(() -> Optional.ofNullable(surroundings.globals().get(name)));
      variables.declare(name, value);
      history.append(' ').append(name);
      value.ifPresent(text -> history.append('=').append(text));
    }
    record(history.toString());
  }

  private void run(Instruction.Run run, StageOutline.Item item) {
    var flags = RunFlags.of(run.flags(), here::placeOf);
    var command = commandLine(run.command());
    if (command.isEmpty()) {
      throw invalid("empty-command", "RUN has no command", "write one, or leave it out");
    }
    spend((long) variables.values().size() * PER_VARIABLE);
    requirePossible(flags);
    var mounts =
        new RunMounts(
                surroundings,
                item.mounted(),
                expansion(),
                settings.workingDirectory(),
                outline.platform())
            .plan(flags.mounts());
    if (mounts.isEmpty()) {
      return; // Planned again when all is known, or of a stage whose failure is reported.
    }
    var environment = Globals.proxies(surroundings.request().arguments());
    environment.putAll(variables.values());
    var operation =
        new Operation.Run(
            command,
            environment,
            settings.workingDirectory(),
            settings.user(),
            mounted(run, mounts.get()),
            flags.isolation());
    var createdBy = History.run(command, variables.arguments());
    key.add(createdBy, operation, variables.values(), mounts.get());
    steps.add(new Step(here.at(), here.text(), createdBy, Optional.of(operation)));
  }

  private static List<RunMount> mounted(Instruction.Run run, List<RunMounts.Planned> planned) {
    var mounts = new ArrayList<RunMount>();
    planned.forEach(each -> mounts.add(each.mount()));
    run.script().ifPresent(script -> mounts.add(new RunMount.Script(script.path(), script.text())));
    return mounts;
  }

  private void requirePossible(RunFlags flags) {
    if (!flags.devices().isEmpty()) {
      throw invalidAt(
          "--device=" + flags.devices().getFirst(),
          "not-supported",
          "RUN --device=" + flags.devices().getFirst() + ": devices cannot be given to a command",
          "leave the option out; a command sees null, zero, full, random, urandom and tty");
    }
    var given = surroundings.request().options().grants().entitlements();
    if (flags.isolation().security() == Isolation.Security.INSECURE
        && !given.contains(Grants.Entitlement.INSECURE_SECURITY)) {
      throw invalidAt(
          "--security=insecure",
          "not-allowed",
          "RUN --security=insecure is not allowed to this build",
          "leave it out, or give --allow security.insecure if you trust the Dockerfile with the"
              + " machine");
    }
  }

  private void transfer(String name, Instruction.Transfer transfer, StageOutline.Item item) {
    var from = item.from().flatMap(surroundings::origin);
    if (item.from().isPresent() && from.isEmpty()) {
      return; // Of a stage that could not be planned: what is wrong with it is reported.
    }
    var planned =
        new Transfers(surroundings)
            .plan(name, transfer, from, expansion(), settings.workingDirectory());
    if (planned.filter(known -> !known.transfer().isPinned()).isPresent()) {
      key.addBuild(surroundings.draft().build());
    }
    planned.ifPresent(known ->
        record(
            known.createdBy(),
            name.equals("ADD")
                ? new Operation.Add(known.transfer())
                : new Operation.Copy(known.transfer()),
            Map.of(),
            known.read()));
  }

  private void workingDirectory(Instruction.Workdir workdir) {
    var path = ContextPath.absolute(settings.workingDirectory(), expansion().word(workdir.path()));
    settings.workingDirectory(path);
    if (path.equals("/")) {
      record("WORKDIR /");
      return;
    }
    record(
        "WORKDIR " + path, new Operation.MakeDirectory(path, settings.user()), Map.of(), List.of());
  }

  private void user(Instruction.User user) {
    var name = expansion().word(user.user());
    if (name.isEmpty()) {
      surroundings.warn(
          Rule.EMPTY_USER.ruleName(),
          "USER " + user.user() + " names nobody, so it is root: a variable in it has no value",
          here.at());
    }
    settings.user(name);
    record("USER " + name);
  }

  private void expose(Instruction.Expose expose) {
    var ports = new ArrayList<String>();
    var wrongOnes = new ArrayList<Failure>();
    var words = expansion();
    // In the order of the words as written, whatever is in them: the history shows it.
    for (var word : expose.ports().stream().sorted().toList()) {
      for (var port : words.split(word)) {
        try {
          ports.addAll(Ports.parse(containerPort(port)));
        } catch (IllegalArgumentException wrong) {
          wrongOnes.add(
              Refusals.invalid(
                  "invalid-port",
                  "EXPOSE " + wrong.getMessage(),
                  Ports.advice(port),
                  here.placeOf(word)));
        }
      }
    }
    wrongOnes.stream().sorted(IN_ORDER).forEach(surroundings::fail);
    settings.expose(ports);
    record(History.listed("EXPOSE", ports));
  }

  /** What is before a colon is for whoever publishes the port, and EXPOSE publishes none. */
  private String containerPort(String word) {
    var colon = word.lastIndexOf(':');
    if (colon < 0) {
      return word;
    }
    surroundings.warn(
        Rule.EXPOSE_INVALID_FORMAT.ruleName(),
        "EXPOSE " + Excerpt.of(word) + ": an address and a host's port have no effect here",
        here.at());
    Ports.checkPublished(word.substring(0, colon));
    return word.substring(colon + 1);
  }

  private void volume(Instruction.Volume volume) {
    var paths = expansion().words(volume.paths());
    for (var index = 0; index < paths.size(); index++) {
      if (paths.get(index).isBlank()) {
        throw invalidAt(
            volume.paths().get(index),
            "empty-volume",
            "a path of " + Excerpt.of(here.text()) + " is empty: a variable in it has no value",
            "declare it with ARG in this stage, or give it with --build-arg");
      }
    }
    settings.volume(paths);
    record(History.listed("VOLUME", paths));
  }

  private void stopSignal(Instruction.StopSignal stop) {
    var signal = expansion().word(stop.signal());
    if (!Signals.isSignal(signal)) {
      throw invalidAt(
          stop.signal(),
          "invalid-signal",
          "STOPSIGNAL " + signal + " is no signal",
          Signals.advice(signal));
    }
    settings.stopSignal(signal);
    record("STOPSIGNAL " + signal);
  }

  private List<String> commandLine(Command command) {
    return switch (command) {
      case Command.Exec(var words) -> words;
      case Command.Shell(var text) -> {
        var words = new ArrayList<>(settings.shell());
        words.add(text);
        yield words;
      }
    };
  }

  private List<Instruction.Assignment> expanded(List<Instruction.Assignment> written) {
    var words = expansion();
    var assignments = new ArrayList<Instruction.Assignment>();
    for (var assignment : written) {
      var name = words.word(assignment.name());
      if (name.isEmpty()) {
        throw invalidAt(
            assignment.name(),
            "empty-name",
            "the name " + Excerpt.of(assignment.name()) + " is empty",
            "write NAME=value");
      }
      assignments.add(new Instruction.Assignment(name, words.word(assignment.value())));
    }
    return assignments;
  }

  private static Map<String, String> values(List<Instruction.Assignment> assignments) {
    var values = new LinkedHashMap<String, String>();
    assignments.forEach(assignment -> values.put(assignment.name(), assignment.value()));
    return values;
  }

  private Expansion expansion() {
    return new Expansion(variables.scope(), surroundings.draft().escape(), here);
  }

  private FailureException invalid(String name, String message, String advice) {
    return Refusals.invalid(name, message, advice, here.at()).toException();
  }

  /** Something is wrong with this word. */
  private FailureException invalidAt(String word, String name, String message, String advice) {
    return Refusals.invalid(name, message, advice, here.placeOf(word)).toException();
  }

  private void spend(long characters) {
    surroundings.spend(characters, here.at());
  }

  private void record(String createdBy) {
    spend(createdBy.length());
    key.addSettings(createdBy);
    steps.add(new Step(here.at(), here.text(), createdBy, Optional.empty()));
  }

  private void record(
      String createdBy, Operation operation, Map<String, String> keyed, List<ContextEntry> read) {
    spend(createdBy.length());
    key.add(createdBy, operation, keyed, read);
    var text = operation instanceof Operation.Add ? withoutPasswords(here.text()) : here.text();
    steps.add(new Step(here.at(), text, createdBy, Optional.of(operation)));
  }

  /** A password in a URL does not belong into what is shown. */
  private static String withoutPasswords(String text) {
    return text.contains("@") ? text.replaceAll("(https?://)[^/@\\s\"]+@", "$1") : text;
  }
}
