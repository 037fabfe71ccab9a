package dev.birgus.cli.flags;

import static java.util.Objects.requireNonNull;

/**
 * How the user wants to see a build.
 *
 * @param formatGiven whether the format was asked for, so that colours are wanted everywhere
 */
public record Display(
    Progress progress,
    Verbosity verbosity,
    Format format,
    boolean formatGiven,
    boolean timestamps) {

  public Display {
    requireNonNull(progress, "progress");
    requireNonNull(verbosity, "verbosity");
    requireNonNull(format, "format");
  }

  /** Which view. */
  public enum Progress {
    AUTO,
    PLAIN,
    TTY,
    QUIET
  }

  /** How much is said, least first, in kaniko's words. */
  public enum Verbosity {
    PANIC,
    FATAL,
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /** How lines look. */
  public enum Format {
    TEXT,
    COLOR,
    JSON
  }
}
