package dev.birgus.cli.flags;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.FailureException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Something is asked of a server about its builds.
 *
 * @param build the name of one; empty for all
 * @param json whether it is told to a program
 * @param follow whether to stay until a build has ended
 */
public record LookupCommand(
    RemoteAccess access, Optional<String> build, boolean json, boolean follow) {

  private static final Set<String> ALLOWED =
      Set.of(
          "server",
          "token-file",
          "server-ca",
          "format",
          "follow",
          "verbosity",
          "progress",
          "log-format",
          "log-timestamp");

  public LookupCommand {
    requireNonNull(access, "access");
    requireNonNull(build, "build");
  }

  /**
   * Reads the command.
   *
   * @param word after the command
   * @throws FailureException {@code missing-flag}, {@code bad-flag-value} or {@code
   *     flag-of-another-command}
   */
  public static LookupCommand read(
      Command command,
      ParsedFlags flags,
      Optional<String> word,
      Map<String, String> environment,
      Path workingDirectory) {
    for (var flag : flags.given()) {
      if (!ALLOWED.contains(flag.name())) {
        throw FlagParser.failure(
            "flag-of-another-command",
            "--" + flag.name() + " means nothing to the command \"" + command.word() + "\"",
            "Leave it out.");
      }
    }
    if (command != Command.BUILDS && word.isEmpty()) {
      throw FlagParser.failure(
          "missing-flag",
          "the command \"" + command.word() + "\" needs the name of a build",
          "birgus builds lists them.");
    }
    return new LookupCommand(
        RemoteAccess.read(flags, environment, workingDirectory),
        word,
        flags.text("format").equals("json"),
        flags.on("follow"));
  }
}
