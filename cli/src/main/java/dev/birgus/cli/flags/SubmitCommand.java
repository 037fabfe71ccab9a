package dev.birgus.cli.flags;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.oci.Platform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * A build is to be made by a server.
 *
 * @param build what is built, as it would be on this machine
 * @param scheduling when and where
 */
public record SubmitCommand(BuildCommand build, Scheduling scheduling, RemoteAccess access) {

  /** What a node does by its own settings. */
  private static final Set<String> OF_NODES =
      Set.of(
          "isolation",
          "storage",
          "state-limit",
          "force",
          "push-early",
          "push-ignore-immutable-tag-errors",
          "skip-push-permission-check",
          "gzip-engine");

  /** Where files of an image would be written. */
  private static final Set<String> OUTPUTS = Set.of("tar-path", "oci-layout-path");

  private static final Set<String> OF_SUBMIT =
      Set.of("pool", "priority", "line", "build-time-limit");

  public SubmitCommand {
    requireNonNull(build, "build");
    requireNonNull(scheduling, "scheduling");
    requireNonNull(access, "access");
  }

  /**
   * Reads the command.
   *
   * @param machine the platform we run on
   * @param stateDirectory used when neither flag nor environment name one
   * @throws FailureException if something is missing, wrong, or cannot be done by a server
   */
  public static SubmitCommand read(
      ParsedFlags flags,
      Map<String, String> environment,
      Platform machine,
      String stateDirectory,
      Path workingDirectory) {
    for (var flag : flags.given()) {
      if (OUTPUTS.contains(flag.name()) && !flags.text(flag.name()).isEmpty()) {
        throw FlagParser.failure(
            "local-output",
            "--" + flag.name() + ": a server delivers images to registries, and not to files here",
            "Name a registry with --destination.");
      }
      if (OF_NODES.contains(flag.name()) || flag.group() == FlagGroup.REGISTRY) {
        throw FlagParser.failure(
            "flag-of-another-command",
            "--" + flag.name() + " is a setting of the server, and not of a build it makes",
            "Leave it out; docs/configuration.md lists the settings of servers.");
      }
    }
    if (!flags.list("ssh").isEmpty()) {
      throw FlagParser.failure(
          "not-supported-yet", "--ssh: a server has no agent of yours", "Use --secret.");
    }
    var access = RemoteAccess.read(flags, environment, workingDirectory);
    var build =
        BuildCommandReader.read(flags, environment, machine, stateDirectory, Purpose.SUBMIT);
    return new SubmitCommand(build, scheduling(flags), access);
  }

  private static Scheduling scheduling(ParsedFlags flags) {
    var time = flags.nonEmpty("build-time-limit").flatMap(FlagValues::parseDuration);
    try {
      return new Scheduling(
          "",
          flags.number("priority"),
          flags.nonEmpty("line"),
          time.filter(Duration::isPositive),
          flags.nonEmpty("pool").orElse(Scheduling.DEFAULT_POOL),
          true);
    } catch (IllegalArgumentException wrong) {
      throw FlagParser.failure("bad-flag-value", String.valueOf(wrong.getMessage()), "");
    }
  }

  /**
   * Refuses flags that are for servers where none is asked.
   *
   * @throws FailureException named {@code flag-of-another-command}
   */
  static void refuseItsFlags(ParsedFlags flags) {
    for (var flag : flags.given()) {
      if (OF_SUBMIT.contains(flag.name())
          || Set.of("server", "token-file", "server-ca").contains(flag.name())) {
        throw FlagParser.failure(
            "flag-of-another-command",
            "--" + flag.name() + " is for builds on a server",
            "birgus submit sends a build there.");
      }
    }
  }
}
