package dev.birgus.cli.flags;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.run.Rung;
import dev.birgus.executor.stage.RootStorage;
import dev.birgus.infra.contracts.FailureException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be found out about the machine.
 *
 * @param stateDirectory where things would be kept
 * @param isolation the one rung builds would use; empty for the highest that works
 * @param storage how they would keep root file systems
 * @param json whether it is told to a program
 */
public record DoctorCommand(
    String stateDirectory, Optional<Rung> isolation, RootStorage storage, boolean json) {

  private static final Set<String> FLAGS =
      Set.of(
          "state-dir",
          "state-limit",
          "isolation",
          "storage",
          "step-memory",
          "step-pids",
          "step-timeout",
          "format",
          "verbosity",
          "log-format",
          "log-timestamp",
          "progress");

  public DoctorCommand {
    requireNonNull(stateDirectory, "stateDirectory");
    requireNonNull(isolation, "isolation");
    requireNonNull(storage, "storage");
  }

  /**
   * Reads the command.
   *
   * @param stateDirectory used when neither flag nor environment name one
   * @throws FailureException named {@code bad-flag-value} or {@code flag-of-another-command}
   */
  public static DoctorCommand read(
      ParsedFlags flags, Map<String, String> environment, String stateDirectory) {
    for (var flag : flags.given()) {
      if (!FLAGS.contains(flag.name())) {
        throw FlagParser.failure(
            "flag-of-another-command",
            "--" + flag.name() + " means nothing to the command \"doctor\"",
            "Leave it out.");
      }
    }
    return new DoctorCommand(
        StateFlags.directory(flags, environment, stateDirectory),
        new StepFlags(flags, environment).readUnforced().isolation(),
        StateFlags.storage(flags, environment),
        flags.text("format").equals("json"));
  }
}
