package dev.birgus.cli.progress;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** Writes a line as text or as a JSON object, line end included. */
final class LineStyle {

  private static final String RESET = "\u001b[0m";

  private final ViewSettings settings;

  LineStyle(ViewSettings settings) {
    this.settings = settings;
  }

  /** Whether lines of this level are wanted. */
  boolean shows(Severity level) {
    return level.compareTo(settings.least()) >= 0;
  }

  /**
   * One line.
   *
   * @param context what stands beside the message in JSON; in text the message says it already
   */
  String line(Severity level, Instant now, String message, Map<String, String> context) {
    if (settings.format() == ViewSettings.Format.JSON) {
      var members = Json.Obj.EMPTY;
      for (var entry : context.entrySet()) {
        members = members.with(entry.getKey(), Json.of(entry.getValue()));
      }
      return json(level, now, message, members);
    }
    return time(now) + coloured(level, message) + "\n";
  }

  /** A JSON object of its own line, with these members after level, time and message. */
  String json(Severity level, Instant now, String message, Json.Obj members) {
    var json =
        Json.Obj.EMPTY
            .with("level", Json.of(level.word()))
            .with("time", Json.of(now.truncatedTo(ChronoUnit.MILLIS).toString()))
            .with("msg", Json.of(message));
    for (var member : members.members().entrySet()) {
      json = json.with(member.getKey(), member.getValue());
    }
    return JsonText.text(json) + "\n";
  }

  /** A line of a service, whose message is constant and says nothing of its context. */
  String logLine(Severity level, Instant now, String message, Map<String, String> context) {
    if (settings.format() == ViewSettings.Format.JSON) {
      return line(level, now, message, context);
    }
    var text = new StringBuilder(level == Severity.INFO ? "" : level.word() + ": ").append(message);
    context.forEach((key, value) -> text.append(' ').append(key).append('=').append(value));
    return line(level, now, text.toString(), context);
  }

  /** Text in the colour of a level. */
  String coloured(Severity level, String text) {
    return settings.colours() ? colour(level) + text + RESET : text;
  }

  /** Text that stands back. */
  String dimmed(String text) {
    return settings.colours() ? "\u001b[2m" + text + RESET : text;
  }

  /** What a step printed stays as it is. */
  String printed(Instant now, String label, String line, Map<String, String> context) {
    if (settings.format() == ViewSettings.Format.JSON) {
      return line(Severity.INFO, now, line, context);
    }
    return time(now) + dimmed(label) + " " + line + "\n";
  }

  private String time(Instant now) {
    return settings.timestamps() ? now.truncatedTo(ChronoUnit.SECONDS) + " " : "";
  }

  private static String colour(Severity level) {
    return switch (level) {
      case TRACE, DEBUG -> "\u001b[2m";
      case INFO -> "\u001b[36m";
      case WARN -> "\u001b[33m";
      case ERROR, FATAL -> "\u001b[31m";
    };
  }
}
