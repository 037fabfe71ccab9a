package dev.birgus.cli.flags;

import static dev.birgus.cli.flags.FlagParser.failure;

import dev.birgus.infra.contracts.FailureException;

/** What is done with a build that was described. */
public enum Purpose {
  /** It is made. */
  BUILD,
  /** It is made by a server. */
  SUBMIT,
  /** Its Dockerfile is checked. */
  CHECK,
  /** Its plan is printed. */
  DRY_RUN;

  /**
   * What a command line is for.
   *
   * @param command {@link Command#BUILD} or {@link Command#CHECK}
   * @throws FailureException named {@code conflicting-flags} if it is for two things, or {@code
   *     format-of-nothing} if it has a format for nothing that is printed
   */
  public static Purpose of(Command command, ParsedFlags flags) {
    var checks = command == Command.CHECK || flags.on("check");
    if (checks && flags.on("dry-run")) {
      throw failure(
          "conflicting-flags",
          "a check and --dry-run are asked for at once",
          "Call birgus twice, once for each.");
    }
    if (!checks && !flags.on("dry-run") && flags.isGiven("format")) {
      throw failure(
          "format-of-nothing",
          "--format=" + flags.text("format") + " is for --dry-run and for checks",
          "The log of a build has --log-format.");
    }
    return checks ? CHECK : flags.on("dry-run") ? DRY_RUN : BUILD;
  }
}
