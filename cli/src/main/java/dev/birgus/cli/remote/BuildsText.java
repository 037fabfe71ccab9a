package dev.birgus.cli.remote;

import dev.birgus.cli.progress.Printable;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** A list of builds, as a table for people and as JSON for programs. */
public final class BuildsText {

  private BuildsText() {}

  /** A table. */
  public static String table(List<Json.Obj> builds, Instant now) {
    var text = new StringBuilder();
    text.append(row("ID", "STATE", "REQUESTED", "TOOK", "STAGES", "IMAGE"));
    for (var build : builds) {
      text.append(
          row(
              member(build, "id"),
              member(build, "state"),
              member(build, "requested"),
              took(build, now),
              build.number("stages_done").orElse(0L) + "/" + build.number("stages").orElse(0L),
              String.join(" ", build.strings("images")) + awaited(build)));
    }
    return text.toString();
  }

  private static String awaited(Json.Obj build) {
    var pool = member(build, "awaits_pool");
    return pool.isEmpty() ? "" : " (waits for nodes of the pool " + pool + ")";
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-24s %-10s %-21s %-8s %-7s %s\n", cells);
  }

  private static String member(Json.Obj build, String name) {
    var value = Printable.of(build.string(name).orElse(""));
    return name.equals("requested") && value.length() > 19 ? value.substring(0, 19) + "Z" : value;
  }

  private static String took(Json.Obj build, Instant now) {
    try {
      var from = Instant.parse(build.string("requested").orElse(""));
      var to = build.string("ended").map(Instant::parse).orElse(now);
      var seconds = Duration.between(from, to).truncatedTo(ChronoUnit.SECONDS).toSeconds();
      return seconds < 60 ? seconds + "s" : seconds / 60 + "m" + seconds % 60 + "s";
    } catch (DateTimeException unknown) {
      return "";
    }
  }

  /** JSON. */
  public static String json(List<Json.Obj> builds) {
    return JsonText.text(Json.Obj.EMPTY.with("builds", new Json.Arr(List.<Json>copyOf(builds))))
        + "\n";
  }
}
