package dev.birgus.cli.flags;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.oci.Platform;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A user's password for a registry is to be stored.
 *
 * @param registry as it was written
 * @param password empty if it comes from standard input
 * @param access how the registry is asked whether the password is right
 * @param display how what becomes of it is told
 */
public record LoginCommand(
    String registry,
    String user,
    Optional<String> password,
    BuildCommand.RegistryAccess access,
    Display display) {

  private static final Set<String> OF_LOGIN = Set.of("username", "password", "password-stdin");
  private static final Set<String> ALSO =
      Set.of(
          "insecure",
          "insecure-registry",
          "log-format",
          "log-timestamp",
          "push-retry",
          "registry-certificate",
          "registry-client-cert",
          "skip-tls-verify",
          "skip-tls-verify-registry",
          "verbosity");

  public LoginCommand {
    requireNonNull(registry, "registry");
    requireNonNull(user, "user");
    requireNonNull(password, "password");
    requireNonNull(access, "access");
    requireNonNull(display, "display");
  }

  /**
   * Reads the command.
   *
   * @param registry the word after the command
   * @param machine the platform we run on
   * @throws FailureException named {@code missing-flag}, {@code conflicting-flags}, {@code
   *     bad-flag-value} or {@code flag-of-another-command}
   */
  public static LoginCommand read(
      ParsedFlags flags,
      Optional<String> registry,
      Map<String, String> environment,
      Platform machine) {
    for (var flag : flags.given()) {
      if (!OF_LOGIN.contains(flag.name()) && !ALSO.contains(flag.name())) {
        throw refused("--" + flag.name() + " means nothing to the command \"login\"");
      }
    }
    var name = registry.orElseThrow(() -> missing("the command \"login\" needs a registry"));
    if (name.isBlank() || name.contains("@") || name.contains("?")) {
      throw FlagParser.failure(
          "bad-flag-value", "\"" + name + "\" is no registry", "Give its host: HOST[:PORT].");
    }
    var user =
        flags.nonEmpty("username").orElseThrow(() -> missing("the command \"login\" needs a user"));
    if (user.contains(":")) {
      throw FlagParser.failure("bad-flag-value", "a user name cannot have a colon in it", "");
    }
    if (flags.on("password-stdin") == flags.isGiven("password")) {
      throw FlagParser.failure(
          "conflicting-flags",
          "the command \"login\" needs either --password-stdin or --password",
          "Give one of them: printenv TOKEN | birgus login HOST -u USER --password-stdin");
    }
    var password =
        flags.isGiven("password") ? flags.nonEmpty("password") : Optional.<String>empty();
    if (flags.isGiven("password") && password.isEmpty()) {
      throw missing("--password is empty");
    }
    return new LoginCommand(
        name,
        user,
        password,
        BuildCommandReader.registries(flags, environment, machine),
        BuildCommandReader.display(flags));
  }

  /**
   * Refuses flags that say who logs in where nobody does.
   *
   * @throws FailureException named {@code flag-of-another-command}
   */
  public static void refuseItsFlags(ParsedFlags flags) {
    for (var flag : flags.given()) {
      if (OF_LOGIN.contains(flag.name())) {
        throw refused("--" + flag.name() + " is for the command \"login\"");
      }
    }
  }

  private static FailureException missing(String message) {
    return FlagParser.failure(
        "missing-flag", message, "birgus login HOST --username USER --password-stdin");
  }

  private static FailureException refused(String message) {
    return FlagParser.failure("flag-of-another-command", message, "Leave it out.");
  }

  /** What the password is stays untold. */
  @Override
  public String toString() {
    return "LoginCommand[" + user + "@" + registry + "]";
  }
}
