package dev.birgus.cli;

import dev.birgus.cli.flags.Display;
import dev.birgus.cli.progress.Severity;
import dev.birgus.cli.progress.ViewSettings;

/** How a build is shown, by what was asked for and where it is shown. */
final class Views {

  private Views() {}

  static ViewSettings settings(Display display, Surroundings surroundings) {
    var terminal = surroundings.terminal();
    var mode =
        switch (display.progress()) {
          case AUTO ->
              terminal && display.format() != Display.Format.JSON
                  ? ViewSettings.Mode.LIVE
                  : ViewSettings.Mode.PLAIN;
          case TTY -> ViewSettings.Mode.LIVE;
          case PLAIN -> ViewSettings.Mode.PLAIN;
          case QUIET -> ViewSettings.Mode.QUIET;
        };
    var plainWanted = surroundings.machine().environment().containsKey("NO_COLOR");
    var colours =
        display.format() == Display.Format.COLOR
            && (display.formatGiven() || (terminal && !plainWanted));
    var format =
        display.format() == Display.Format.JSON
            ? ViewSettings.Format.JSON
            : ViewSettings.Format.TEXT;
    var least = mode == ViewSettings.Mode.QUIET ? Severity.ERROR : least(display.verbosity());
    var traces = least.compareTo(Severity.DEBUG) <= 0;
    return new ViewSettings(mode, format, least, colours, display.timestamps(), traces);
  }

  /** A failed build always says why, however little is to be said. */
  private static Severity least(Display.Verbosity verbosity) {
    return switch (verbosity) {
      case PANIC, FATAL, ERROR -> Severity.ERROR;
      case WARN -> Severity.WARN;
      case INFO -> Severity.INFO;
      case DEBUG -> Severity.DEBUG;
      case TRACE -> Severity.TRACE;
    };
  }
}
