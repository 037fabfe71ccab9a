package dev.birgus.cli.progress;

import dev.birgus.infra.observe.Journal;

/** How much a line matters, least first; above ERROR there is only what ends the process. */
public enum Severity {
  TRACE,
  DEBUG,
  INFO,
  WARN,
  ERROR,
  FATAL;

  static Severity of(Journal.Level level) {
    return switch (level) {
      case TRACE -> TRACE;
      case DEBUG -> DEBUG;
      case INFO -> INFO;
      case WARN -> WARN;
      case ERROR -> ERROR;
    };
  }

  /** The word in log lines, as kaniko writes it. */
  String word() {
    return switch (this) {
      case TRACE -> "trace";
      case DEBUG -> "debug";
      case INFO -> "info";
      case WARN -> "warning";
      case ERROR -> "error";
      case FATAL -> "fatal";
    };
  }
}
