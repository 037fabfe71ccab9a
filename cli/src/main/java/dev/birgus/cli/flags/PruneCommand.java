package dev.birgus.cli.flags;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.FailureException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What of the things kept from earlier builds is to be deleted. A running build keeps what it uses.
 *
 * @param stateDirectory where it is kept
 * @param all whether everything goes
 * @param olderThan what was not used for so long goes, not negative
 * @param maxSize so many bytes may be left, 0 or more
 * @param dryRun whether it is only told
 * @param json whether it is told to a program
 */
public record PruneCommand(
    String stateDirectory,
    boolean all,
    Optional<Duration> olderThan,
    OptionalLong maxSize,
    boolean dryRun,
    boolean json) {

  private static final Set<String> OF_PRUNE = Set.of("all", "older-than", "max-size");
  private static final Set<String> ALSO =
      Set.of("dry-run", "format", "state-dir", "state-limit", "verbosity", "log-format");

  public PruneCommand {
    requireNonNull(stateDirectory, "stateDirectory");
    requireNonNull(olderThan, "olderThan");
    requireNonNull(maxSize, "maxSize");
  }

  /**
   * Reads the command.
   *
   * @param stateDirectory used when neither flag nor environment name one
   * @throws FailureException named {@code bad-flag-value} or {@code flag-of-another-command}
   */
  public static PruneCommand read(
      ParsedFlags flags, Map<String, String> environment, String stateDirectory) {
    for (var flag : flags.given()) {
      if (!OF_PRUNE.contains(flag.name()) && !ALSO.contains(flag.name())) {
        throw refused("--" + flag.name() + " means nothing to the command \"prune\"");
      }
    }
    var age = flags.nonEmpty("older-than").flatMap(FlagValues::parseDuration);
    if (age.map(Duration::isNegative).orElse(false)) {
      throw FlagParser.failure(
          "bad-flag-value", "--older-than=" + flags.text("older-than") + " is negative", "");
    }
    var size = flags.nonEmpty("max-size");
    return new PruneCommand(
        StateFlags.directory(flags, environment, stateDirectory),
        flags.on("all"),
        age,
        size.isPresent() ? StateFlags.bytes("--max-size", size.get()) : OptionalLong.empty(),
        flags.on("dry-run"),
        flags.text("format").equals("json"));
  }

  /**
   * Refuses flags that say what to delete where nothing is deleted.
   *
   * @throws FailureException named {@code flag-of-another-command}
   */
  public static void refuseItsFlags(ParsedFlags flags) {
    for (var flag : flags.given()) {
      if (OF_PRUNE.contains(flag.name())) {
        throw refused("--" + flag.name() + " is for the command \"prune\"");
      }
    }
  }

  private static FailureException refused(String message) {
    return FlagParser.failure("flag-of-another-command", message, "Leave it out.");
  }
}
