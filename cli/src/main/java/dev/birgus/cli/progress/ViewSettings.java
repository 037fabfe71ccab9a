package dev.birgus.cli.progress;

import static java.util.Objects.requireNonNull;

/**
 * How a build is shown.
 *
 * @param least lines below this level are left out
 * @param colours whether lines are coloured
 * @param timestamps whether lines begin with the time
 * @param traces whether failures are shown with where in the program they came from
 */
public record ViewSettings(
    Mode mode, Format format, Severity least, boolean colours, boolean timestamps, boolean traces) {

  public ViewSettings {
    requireNonNull(mode, "mode");
    requireNonNull(format, "format");
    requireNonNull(least, "least");
  }

  /** The same, line after line. */
  public ViewSettings plain() {
    return mode == Mode.LIVE
        ? new ViewSettings(Mode.PLAIN, format, least, colours, timestamps, traces)
        : this;
  }

  /** Which view. */
  public enum Mode {
    /** Redrawn in place, for a terminal. */
    LIVE,
    /** Line after line, for logs. */
    PLAIN,
    /** Failures only. */
    QUIET
  }

  /** How a line looks. */
  public enum Format {
    TEXT,
    JSON
  }
}
