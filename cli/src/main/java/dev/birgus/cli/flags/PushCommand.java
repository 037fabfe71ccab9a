package dev.birgus.cli.flags;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.oci.Platform;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A saved image is to be pushed.
 *
 * @param path of a docker tar, or of an OCI layout, as it was written
 * @param settings how and where to; what they say of a build is of no account
 */
public record PushCommand(String path, BuildCommand settings) {

  private static final Set<String> TAKEN =
      Set.of(
          "destination",
          "digest-file",
          "image-name-tag-with-digest-file",
          "image-name-with-digest-file",
          "log-format",
          "log-timestamp",
          "push-ignore-immutable-tag-errors",
          "skip-push-permission-check",
          "state-dir",
          "state-limit",
          "verbosity");

  public PushCommand {
    requireNonNull(path, "path");
    requireNonNull(settings, "settings");
  }

  /**
   * Reads the command.
   *
   * @param path the word after the command
   * @param machine the platform we run on
   * @param stateDirectory used when neither flag nor environment name one
   * @throws FailureException if something is missing, wrong, or of another command
   */
  public static PushCommand read(
      ParsedFlags flags,
      Optional<String> path,
      Map<String, String> environment,
      Platform machine,
      String stateDirectory) {
    for (var flag : flags.given()) {
      if (!TAKEN.contains(flag.name()) && flag.group() != FlagGroup.REGISTRY) {
        throw FlagParser.failure(
            "flag-of-another-command",
            "--" + flag.name() + " means nothing to the command \"push\"",
            "Leave it out.");
      }
    }
    var file = path.orElseThrow(() -> missing("the command \"push\" needs a path"));
    if (flags.list("destination").isEmpty()) {
      throw missing("the command \"push\" needs a --destination");
    }
    var settings = BuildCommandReader.read(flags, environment, machine, stateDirectory);
    if (!settings.output().push()) {
      throw FlagParser.failure(
          "conflicting-flags",
          "KANIKO_NO_PUSH forbids what the command \"push\" is to do",
          "Unset the variable.");
    }
    return new PushCommand(file, settings);
  }

  private static FailureException missing(String message) {
    return FlagParser.failure("missing-flag", message, "birgus push FILE --destination NAME");
  }
}
