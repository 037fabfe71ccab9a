package dev.birgus.cli;

import dev.birgus.cli.flags.BuildCommand;
import dev.birgus.cli.flags.BuildCommandReader;
import dev.birgus.cli.flags.Command;
import dev.birgus.cli.flags.LookupCommand;
import dev.birgus.cli.flags.ParsedLine;
import dev.birgus.cli.flags.RemoteAccess;
import dev.birgus.cli.flags.SubmitCommand;
import dev.birgus.cli.local.LocalPipeline;
import dev.birgus.cli.progress.Ending;
import dev.birgus.cli.progress.ProgressView;
import dev.birgus.cli.progress.Screen;
import dev.birgus.cli.remote.BuildsText;
import dev.birgus.cli.remote.RemoteBuild;
import dev.birgus.cli.remote.RemoteLogs;
import dev.birgus.cli.remote.RemoteServer;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.observe.Journal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The commands that ask a server. */
final class RemoteLine {

  private static final int LISTED = 50;

  private final Surroundings surroundings;
  private final Screen screen;
  private final InstantSource clock;
  private final BooleanSupplier cancelled;
  private volatile @Nullable Running running;

  /** A build that can be ended. */
  private record Running(RemoteBuild build, ProgressView view) {}

  RemoteLine(
      Surroundings surroundings, Screen screen, InstantSource clock, BooleanSupplier cancelled) {
    this.surroundings = surroundings;
    this.screen = screen;
    this.clock = clock;
    this.cancelled = cancelled;
  }

  /** The letter -f names a Dockerfile everywhere but in the command that shows a build. */
  static List<String> spelled(List<String> arguments, String program) {
    var first = !arguments.isEmpty() && Command.isProgram(arguments.getFirst(), program) ? 1 : 0;
    if (arguments.size() <= first || !arguments.get(first).equals(Command.LOGS.word())) {
      return arguments;
    }
    var spelled = new ArrayList<String>();
    arguments.forEach(word -> spelled.add(word.equals("-f") ? "--follow" : word));
    return spelled;
  }

  /** Shows a build while it runs, or what is known of one; the exit code. */
  int show(Command command, ParsedLine line) {
    var settings = Views.settings(BuildCommandReader.display(line.flags()), surroundings);
    try (var view = new ProgressView(settings, screen, clock)) {
      if (command == Command.LOGS) {
        return logs(lookup(command, line), view);
      }
      var machine = surroundings.machine();
      var submitted =
          SubmitCommand.read(
              line.flags(),
              machine.environment(),
              machine.platform(),
              surroundings.stateDirectory(),
              machine.workingDirectory());
      submitted.build().warnings().forEach(text -> view.log(Journal.Level.WARN, text, Map.of()));
      warn(submitted.access(), view);
      return submit(submitted, view);
    }
  }

  private static void warn(RemoteAccess access, Journal journal) {
    access.warning().ifPresent(text -> journal.log(Journal.Level.WARN, text, Map.of()));
  }

  private int submit(SubmitCommand command, ProgressView view) {
    try (var bus = LocalPipeline.newBus(view);
        var build = new RemoteBuild(command, surroundings.machine(), bus, view)) {
      view.attach(bus);
      view.name(
          command.build().output().destinations().stream()
              .map(BuildCommand.Destination::written)
              .toList());
      running = new Running(build, view);
      var ending = build.run();
      if (!cancelled.getAsBoolean()) {
        view.finish(ending);
      }
      return code(ending);
    } catch (FailureException failed) {
      if (!cancelled.getAsBoolean()) {
        view.end(new Ending.Failed(failed.failure()));
      }
      return failed.failure().exitCode();
    } finally {
      running = null;
    }
  }

  private static int code(Ending ending) {
    return switch (ending) {
      case Ending.Succeeded _ -> 0;
      case Ending.Failed(var failure) -> failure.exitCode();
      case Ending.Cancelled _ -> 1;
    };
  }

  private int logs(LookupCommand command, ProgressView view) {
    warn(command.access(), view);
    try (var bus = LocalPipeline.newBus(view);
        var logs = new RemoteLogs(command.access(), bus, view)) {
      view.attach(bus);
      var ending = logs.show(command.build().orElseThrow(), command.follow());
      ending.ifPresent(view::finish);
      return 0;
    }
  }

  private LookupCommand lookup(Command command, ParsedLine line) {
    return LookupCommand.read(
        command,
        line.flags(),
        command == Command.BUILDS ? Optional.empty() : Command.word(line, surroundings.program()),
        surroundings.machine().environment(),
        surroundings.machine().workingDirectory());
  }

  /** Prints what a server says; the exit code. */
  int tell(Command command, ParsedLine line) {
    var asked = lookup(command, line);
    asked.access().warning().ifPresent(text -> screen.err("WARNING: " + text + "\n"));
    try (var server = new RemoteServer(asked.access())) {
      if (command == Command.CANCEL) {
        var build = server.cancel(asked.build().orElseThrow(), "asked for");
        screen.out(
            build.string("id").orElse("")
                + " "
                + (build.string("ended").isPresent()
                    ? build.string("state").orElse("") + " already"
                    : "is being cancelled")
                + "\n");
        return 0;
      }
      var builds = server.builds(LISTED);
      screen.out(
          asked.json() ? BuildsText.json(builds) : BuildsText.table(builds, clock.instant()));
      return 0;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /** Cancels a build that is being followed. */
  void cancel(String reason) {
    var build = running;
    if (build != null) {
      build.build().close();
      build.view().end(new Ending.Cancelled(reason));
      build.view().close();
    }
  }
}
