package dev.birgus.cli;

import dev.birgus.cli.doctor.DiagnosisJson;
import dev.birgus.cli.doctor.DiagnosisText;
import dev.birgus.cli.flags.BuildCommand;
import dev.birgus.cli.flags.BuildCommand.Destination;
import dev.birgus.cli.flags.BuildCommandReader;
import dev.birgus.cli.flags.Command;
import dev.birgus.cli.flags.Display;
import dev.birgus.cli.flags.DoctorCommand;
import dev.birgus.cli.flags.FlagParser;
import dev.birgus.cli.flags.HelpText;
import dev.birgus.cli.flags.LoginCommand;
import dev.birgus.cli.flags.ParsedLine;
import dev.birgus.cli.flags.PruneCommand;
import dev.birgus.cli.flags.Purpose;
import dev.birgus.cli.flags.PushCommand;
import dev.birgus.cli.local.LocalExamination;
import dev.birgus.cli.local.LocalLogin;
import dev.birgus.cli.local.LocalPipeline;
import dev.birgus.cli.local.LocalPreview;
import dev.birgus.cli.local.LocalPruning;
import dev.birgus.cli.local.LocalPush;
import dev.birgus.cli.local.Machine;
import dev.birgus.cli.progress.Ending;
import dev.birgus.cli.progress.Printable;
import dev.birgus.cli.progress.ProgressView;
import dev.birgus.cli.progress.Screen;
import dev.birgus.cli.progress.ViewSettings;
import dev.birgus.cli.report.CheckJson;
import dev.birgus.cli.report.CheckText;
import dev.birgus.cli.report.PlanJson;
import dev.birgus.cli.report.PlanReport;
import dev.birgus.cli.report.PlanText;
import dev.birgus.cli.report.PruneReport;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.credentials.DockerConfigFile;
import dev.birgus.infra.observe.Journal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One call of the command, from its arguments to its exit code. */
final class CommandLine {

  private final Surroundings surroundings;
  private final Screen screen;
  private final InstantSource clock;
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final RemoteLine remote;
  private volatile @Nullable Running running;
  private volatile @Nullable LocalPreview looking;
  private volatile @Nullable LocalPush pushing;
  private volatile @Nullable ServeLine serving;

  /** A build that can be ended. */
  private record Running(LocalPipeline pipeline, ProgressView view) {}

  CommandLine(Surroundings surroundings, Screen screen, InstantSource clock) {
    this.surroundings = surroundings;
    this.screen = screen;
    this.clock = clock;
    this.remote = new RemoteLine(surroundings, screen, clock, cancelled::get);
  }

  /** Does what the arguments ask for and returns the exit code. */
  int run(List<String> arguments) {
    try {
      var words = ServeLine.of(arguments, surroundings.program());
      if (words.isPresent()) {
        return serve(words.get());
      }
      var line = FlagParser.parse(RemoteLine.spelled(arguments, surroundings.program()));
      var command = Command.of(line, surroundings.program());
      return switch (command) {
        case HELP -> print(HelpText.text());
        case VERSION -> print("birgus version : " + surroundings.machine().version() + "\n");
        case BUILD, CHECK ->
            switch (Purpose.of(command, line.flags())) {
              case BUILD, SUBMIT -> build(line);
              case CHECK -> look(line, Purpose.CHECK);
              case DRY_RUN -> look(line, Purpose.DRY_RUN);
            };
        case SUBMIT, LOGS -> remote.show(command, line);
        case BUILDS, CANCEL -> remote.tell(command, line);
        case PRUNE -> prune(line);
        case PUSH -> push(line);
        case LOGIN -> login(line);
        case DOCTOR -> examine(line);
        case SERVE, WARM, COMPLETION -> build(line);
      };
    } catch (FailureException wrong) {
      return refuse(wrong.failure());
    }
  }

  /** Ends a running build: its steps, its mounts and its work folder. Returns when that is done. */
  void cancel(String reason) {
    cancelled.set(true);
    var preview = looking;
    if (preview != null) {
      preview.close();
    }
    remote.cancel(reason);
    var server = serving;
    if (server != null) {
      server.end();
    }
    var push = pushing;
    if (push != null) {
      push.close();
    }
    var build = running;
    if (build != null) {
      build.pipeline().close();
      build.view().end(new Ending.Cancelled(reason));
      build.view().close();
    }
  }

  /** Serves until the process is told to end. */
  private int serve(ServeLine line) {
    serving = line;
    return line.run(surroundings, screen, clock);
  }

  private int print(String text) {
    screen.out(text);
    return 0;
  }

  private int refuse(Failure failure) {
    var place = failure.at().map(at -> at + ": ").orElse("");
    screen.err("Error: " + place + failure.message() + "\n");
    failure.output().forEach(line -> screen.err("  " + Printable.of(line) + "\n"));
    if (!failure.advice().isEmpty()) {
      screen.err(failure.advice() + "\n");
    }
    if (failure.at().isEmpty()) {
      screen.err("Run '" + surroundings.program() + " --help' for usage.\n");
    }
    return failure.exitCode();
  }

  private int build(ParsedLine line) {
    var command =
        BuildCommandReader.read(
            line.flags(),
            surroundings.machine().environment(),
            surroundings.machine().platform(),
            surroundings.stateDirectory());
    var settings = settings(command.display());
    try (var view = new ProgressView(settings, screen, clock)) {
      command.warnings().forEach(text -> view.log(Journal.Level.WARN, text, Map.of()));
      tellOfNamespaces(view);
      var ending = build(command, view, settings);
      return switch (ending) {
        case Ending.Succeeded _ -> 0;
        case Ending.Failed(var failure) -> failure.exitCode();
        case Ending.Cancelled _ -> 1;
      };
    }
  }

  /** Root can often do without; for others it is why RUN will not work. */
  private void tellOfNamespaces(Journal journal) {
    if (!surroundings.refusal().isEmpty()) {
      var level = surroundings.ordinaryUser() ? Journal.Level.WARN : Journal.Level.DEBUG;
      var text = "no user namespace of our own: " + surroundings.refusal();
      journal.log(level, text, Map.of());
    }
  }

  /** Deletes what is kept from earlier builds, and prints what. */
  private int prune(ParsedLine line) {
    var machine = surroundings.machine();
    var command =
        PruneCommand.read(line.flags(), machine.environment(), surroundings.stateDirectory());
    var view = settings(BuildCommandReader.display(line.flags())).plain();
    try (var journal = new ProgressView(view, screen, clock)) {
      var outcome = LocalPruning.prune(command, machine, clock, journal);
      screen.out(
          command.json()
              ? PruneReport.json(outcome, command.dryRun())
              : PruneReport.text(outcome, command.dryRun()));
      return 0;
    }
  }

  /** Stores a user's password for a registry, and prints where. */
  private int login(ParsedLine line) {
    var machine = surroundings.machine();
    var command =
        LoginCommand.read(
            line.flags(),
            Command.word(line, surroundings.program()),
            machine.environment(),
            machine.platform());
    if (command.password().isPresent()) {
      screen.err(
          "WARNING! Other programs of this machine can see --password. Use --password-stdin.\n");
    }
    return print(
        switch (stored(command, machine)) {
          case DockerConfigFile.Stored.InFile(var file) ->
              "Stored the credentials for " + command.registry() + " unencrypted in " + file + "\n";
          case DockerConfigFile.Stored.InStore(var name) ->
              "Stored the credentials for "
                  + command.registry()
                  + " by docker-credential-"
                  + name
                  + "\n";
        });
  }

  private DockerConfigFile.Stored stored(LoginCommand command, Machine machine) {
    var view = settings(command.display()).plain();
    try (var journal = new ProgressView(view, screen, clock)) {
      return LocalLogin.store(command, machine, System.in, journal);
    }
  }

  /** Pushes a saved image. */
  private int push(ParsedLine line) {
    var machine = surroundings.machine();
    var command =
        PushCommand.read(
            line.flags(),
            Command.word(line, surroundings.program()),
            machine.environment(),
            machine.platform(),
            surroundings.stateDirectory());
    var view = settings(command.settings().display()).plain();
    try (var journal = new ProgressView(view, screen, clock);
        var push = new LocalPush(command, machine, clock, journal)) {
      pushing = push;
      command
          .settings()
          .warnings()
          .forEach(text -> journal.log(Journal.Level.WARN, text, Map.of()));
      var _ = push.run();
      return 0;
    } finally {
      pushing = null;
    }
  }

  /** Finds out what this machine allows, and prints it. */
  private int examine(ParsedLine line) {
    var machine = surroundings.machine();
    var command =
        DoctorCommand.read(line.flags(), machine.environment(), surroundings.stateDirectory());
    var view = settings(BuildCommandReader.display(line.flags())).plain();
    try (var journal = new ProgressView(view, screen, clock)) {
      var found =
          LocalExamination.examine(
              command, machine, surroundings.namespace(), surroundings.refusal(), journal);
      screen.out(command.json() ? DiagnosisJson.of(found) : DiagnosisText.of(found));
      return found.canRun() ? 0 : 1;
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /** Prints what a build would be, or what there is to say about it. */
  private int look(ParsedLine line, Purpose purpose) {
    var flags = line.flags();
    var command =
        BuildCommandReader.read(
            flags,
            surroundings.machine().environment(),
            surroundings.machine().platform(),
            surroundings.stateDirectory(),
            purpose);
    var json = flags.text("format").equals("json");
    try (var view = new ProgressView(settings(command.display()).plain(), screen, clock);
        var preview = new LocalPreview(command, surroundings.machine(), view)) {
      looking = preview;
      command.warnings().forEach(text -> view.log(Journal.Level.WARN, text, Map.of()));
      if (purpose == Purpose.CHECK) {
        var checked = preview.check(!flags.isGiven("context"));
        var file = checked.dockerfile();
        var report = checked.report();
        screen.out(json ? CheckJson.of(file, report) : CheckText.of(file, report));
        return report.passes() ? 0 : 1;
      }
      var planned = preview.plan();
      var report = new PlanReport(planned.request(), planned.preview(), command.output());
      screen.out(json ? PlanJson.of(report) : PlanText.of(report));
      return 0;
    } finally {
      looking = null;
    }
  }

  private Ending build(BuildCommand command, ProgressView view, ViewSettings settings) {
    try (var bus = LocalPipeline.newBus(view);
        var pipeline = new LocalPipeline(command, surroundings.machine(), bus, view)) {
      view.attach(bus);
      view.name(command.output().destinations().stream().map(Destination::written).toList());
      running = new Running(pipeline, view);
      var ending = pipeline.run();
      if (!cancelled.get()) {
        view.finish(ending);
      }
      return ending;
    } catch (FailureException failed) {
      return ended(view, failed.failure(), failed, settings);
    } catch (RuntimeException bug) {
      var advice = "This is a bug in birgus. --verbosity=debug shows where it came from.";
      return ended(view, Failure.of("internal-error", bug.toString(), advice), bug, settings);
    } finally {
      running = null;
    }
  }

  private Ending ended(ProgressView view, Failure failure, Throwable cause, ViewSettings settings) {
    var ending = new Ending.Failed(failure);
    if (!cancelled.get()) {
      if (settings.traces()) {
        var trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        view.log(Journal.Level.DEBUG, trace.toString(), Map.of());
      }
      view.end(ending);
    }
    return ending;
  }

  private ViewSettings settings(Display display) {
    return Views.settings(display, surroundings);
  }
}
