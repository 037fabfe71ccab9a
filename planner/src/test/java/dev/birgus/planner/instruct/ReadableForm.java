package dev.birgus.planner.instruct;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.instruct.DockerfileParser.ParseResult;
import dev.birgus.planner.instruct.Instruction.Command;
import dev.birgus.planner.instruct.Instruction.Transfer;
import java.util.Collection;
import java.util.stream.Collectors;

/** Writes what a Dockerfile was read to as lines a person can check. */
final class ReadableForm {

  private ReadableForm() {}

  static String of(ParseResult result) {
    var lines = new StringBuilder();
    if (result.escape() != '\\') {
      lines.append("escape ").append(result.escape()).append('\n');
    }
    for (var directive : result.directives()) {
      if (!directive.name().equals("escape")) {
        lines.append(directive.at().line()).append(": # ").append(directive.name());
        lines.append('=').append(quoted(directive.value())).append('\n');
      }
    }
    for (var instruction : result.instructions()) {
      var at = instruction.source().at();
      lines.append(place(at)).append(": ").append(of(instruction)).append('\n');
      if (at.endLine() > at.line()) {
        lines.append("     text ").append(quoted(instruction.source().text())).append('\n');
      }
    }
    for (var warning : result.warnings()) {
      lines.append("warning ").append(of(warning)).append('\n');
    }
    for (var error : result.errors()) {
      lines.append("error ").append(of(error)).append('\n');
    }
    return lines.toString();
  }

  private static String of(Finding finding) {
    return place(finding.at().orElseThrow()) + ": " + finding.name() + ": " + finding.message();
  }

  private static String of(Failure failure) {
    return place(failure.at().orElseThrow())
        + ": "
        + failure.name()
        + ": "
        + failure.message()
        + "\n        "
        + failure.advice();
  }

  private static String place(SourceLocation at) {
    var column = at.column() > 1 ? "." + at.column() : "";
    return at.line() + column + (at.endLine() > at.line() ? "-" + at.endLine() : "");
  }

  private static String of(Instruction instruction) {
    return switch (instruction) {
      case Instruction.From(var _, var image, var platform, var name) ->
          "FROM "
              + quoted(image)
              + platform.map(p -> " platform " + quoted(p)).orElse("")
              + name.map(n -> " as " + quoted(n)).orElse("");
      case Instruction.Arg(var _, var arguments) ->
          "ARG "
              + arguments.stream()
                  .map(
                      a -> quoted(a.name()) + a.defaultValue().map(v -> "=" + quoted(v)).orElse(""))
                  .collect(Collectors.joining(" "));
      case Instruction.Env(var _, var variables) -> "ENV " + assignments(variables);
      case Instruction.Label(var _, var labels) -> "LABEL " + assignments(labels);
      case Instruction.Run(var _, var command, var flags) ->
          "RUN " + of(command) + (flags.isEmpty() ? "" : " flags " + all(flags));
      case Instruction.Copy(var _, var transfer) -> "COPY " + of(transfer);
      case Instruction.Add(var _, var transfer) -> "ADD " + of(transfer);
      case Instruction.Workdir(var _, var path) -> "WORKDIR " + quoted(path);
      case Instruction.User(var _, var user) -> "USER " + quoted(user);
      case Instruction.Cmd(var _, var command) -> "CMD " + of(command);
      case Instruction.Entrypoint(var _, var command) -> "ENTRYPOINT " + of(command);
      case Instruction.Expose(var _, var ports) -> "EXPOSE " + all(ports);
      case Instruction.Volume(var _, var paths) -> "VOLUME " + all(paths);
      case Instruction.StopSignal(var _, var signal) -> "STOPSIGNAL " + quoted(signal);
      case Instruction.Shell(var _, var shell) -> "SHELL " + all(shell);
      case Instruction.Healthcheck healthcheck -> of(healthcheck);
      case Instruction.OnBuild(var _, var trigger) -> "ONBUILD " + quoted(trigger);
      case Instruction.Maintainer(var _, var name) -> "MAINTAINER " + quoted(name);
    };
  }

  private static String of(Instruction.Healthcheck healthcheck) {
    return "HEALTHCHECK "
        + healthcheck.command().map(ReadableForm::of).orElse("none")
        + " interval "
        + healthcheck.interval()
        + " timeout "
        + healthcheck.timeout()
        + " start-period "
        + healthcheck.startPeriod()
        + " start-interval "
        + healthcheck.startInterval()
        + " retries "
        + healthcheck.retries();
  }

  private static String of(Transfer transfer) {
    var text = new StringBuilder(all(transfer.sources()));
    text.append(" to ").append(quoted(transfer.destination()));
    transfer.from().ifPresent(from -> text.append(" from ").append(quoted(from)));
    transfer.chown().ifPresent(chown -> text.append(" chown ").append(quoted(chown)));
    transfer.chmod().ifPresent(chmod -> text.append(" chmod ").append(quoted(chmod)));
    transfer.flags().entrySet().stream()
        .sorted(java.util.Map.Entry.comparingByKey())
        .forEach(flag ->
            text.append(" --").append(flag.getKey()).append('=').append(quoted(flag.getValue())));
    return text.toString();
  }

  private static String of(Command command) {
    return switch (command) {
      case Command.Shell(var text) -> "shell " + quoted(text);
      case Command.Exec(var arguments) -> "exec [" + all(arguments) + "]";
    };
  }

  private static String assignments(Collection<Instruction.Assignment> assignments) {
    return assignments.stream()
        .map(a -> quoted(a.name()) + "=" + quoted(a.value()))
        .collect(Collectors.joining(" "));
  }

  private static String all(Collection<String> texts) {
    return texts.stream().map(ReadableForm::quoted).collect(Collectors.joining(" "));
  }

  /**
   * In angle quotes, which no Dockerfile here contains: what is in them stays as it was written.
   */
  private static String quoted(String text) {
    return "«" + text.replace("\n", "⏎").replace("\r", "␍").replace("\t", "⇥") + "»";
  }
}
