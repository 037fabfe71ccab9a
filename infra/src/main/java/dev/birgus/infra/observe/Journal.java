package dev.birgus.infra.observe;

import java.util.Map;

/**
 * Where the services say what they do, beyond the events they publish. Messages are constant text;
 * what varies goes into the context, under the names of {@link LogKeys}.
 */
public interface Journal {

  /** How much a line matters. */
  enum Level {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** Writes a line. */
  void log(Level level, String message, Map<String, String> context);

  /** A journal that keeps nothing. */
  static Journal silent() {
    return (_, _, _) -> {};
  }
}
