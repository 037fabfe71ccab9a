package dev.birgus.cli.serve;

import dev.birgus.cli.configuration.ServeSettings;
import dev.birgus.cli.progress.Printable;
import dev.birgus.cli.progress.Screen;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.observe.Journal;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Log lines on standard error: text for people, or a JSON object each. */
final class ConsoleJournal implements Journal {

  private static final Set<String> OWN_KEYS = Set.of("time", "level", "node", "message");

  private final ServeSettings.Log settings;
  private final String node;
  private final Screen screen;
  private final InstantSource clock;

  /**
   * A journal.
   *
   * @param node the name of this process, which every JSON line has
   */
  ConsoleJournal(ServeSettings.Log settings, String node, Screen screen, InstantSource clock) {
    this.settings = settings;
    this.node = node;
    this.screen = screen;
    this.clock = clock;
  }

  @Override
  public void log(Level level, String message, Map<String, String> context) {
    if (level.compareTo(settings.least()) < 0) {
      return;
    }
    var time = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    screen.err(
        settings.json()
            ? json(time, level, message, context)
            : text(time, level, message, context));
  }

  private String json(String time, Level level, String message, Map<String, String> context) {
    var line =
        Json.Obj.EMPTY
            .with("time", Json.of(time))
            .with("level", Json.of(level.name().toLowerCase(Locale.ROOT)))
            .with("node", Json.of(node))
            .with("message", Json.of(message));
    for (var entry : new TreeMap<>(context).entrySet()) {
      line = line.with(key(entry.getKey()), Json.of(entry.getValue()));
    }
    return JsonText.text(line) + "\n";
  }

  /** What every line has keeps its name: what else is called so is told beside it. */
  private static String key(String key) {
    return OWN_KEYS.contains(key) ? "context_" + key : key;
  }

  private static String text(
      String time, Level level, String message, Map<String, String> context) {
    var line = new StringBuilder(time).append(' ');
    line.append(String.format(Locale.ROOT, "%-5s", level.name())).append(' ').append(message);
    new TreeMap<>(context)
        .forEach(
            (key, value) -> line.append(' ').append(key).append('=').append(Printable.of(value)));
    return line.append('\n').toString();
  }
}
