package dev.birgus.executor.run;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.Roots;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Runs commands on the highest rung that works here, or on the one that was asked for. */
public final class LadderCommandRunner implements CommandRunner {

  private final CommandRunners runners;
  private final IsolationLadder ladder;

  /**
   * How a node runs commands.
   *
   * @param isolation the one rung that may be used; empty for the highest that works
   * @param folder of the launcher and of what trying rungs needs; made when the first command runs.
   *     Programs in it must be executable
   * @param commands host name and grace time
   * @param inplace what is known of the node's own root
   */
  public record Settings(
      Optional<Rung> isolation,
      Path folder,
      NamespaceCommandRunner.Settings commands,
      InplaceSettings inplace) {
    public Settings {
      requireNonNull(isolation, "isolation");
      requireNonNull(folder, "folder");
      requireNonNull(commands, "commands");
      requireNonNull(inplace, "inplace");
    }
  }

  /**
   * A runner. Nothing is tried before the first command.
   *
   * @param told is given what was found when it is
   */
  public LadderCommandRunner(Roots roots, Settings settings, Consumer<LadderReport> told) {
    this.runners =
        new CommandRunners(roots, settings.folder(), settings.commands(), settings.inplace());
    this.ladder =
        new ProbedLadder(new RungProbe(runners, settings.folder()), settings.isolation(), told);
  }

  /** What it goes by. */
  public IsolationLadder ladder() {
    return ladder;
  }

  @Override
  public int run(Invocation invocation, BiConsumer<Boolean, byte[]> output)
      throws IOException, InterruptedException {
    var report = ladder.report();
    var rung = report.chosen().orElseThrow(() -> nothingWorks(report));
    return switch (runners.on(rung)) {
      case CommandRunners.Found(var runner, _) -> runner.run(invocation, output);
      case CommandRunners.Missing(var why, _) -> throw new IllegalStateException(why);
    };
  }

  private static FailureException nothingWorks(LadderReport report) {
    var attempts = report.attempts();
    var reasons =
        attempts.stream()
            .map(each -> each.rung().label() + ": " + each.reason().orElse(""))
            .collect(Collectors.joining("; "));
    return Failure.of(
            "isolation-unavailable",
            "no command can be run here (" + reasons + ")",
            attempts.isEmpty() ? "" : attempts.getLast().advice())
        .toException();
  }
}
