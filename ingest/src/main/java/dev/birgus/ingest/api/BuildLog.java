package dev.birgus.ingest.api;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.codec.EventCodec;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * The events of one build in a file, one JSON object a line, in the order they came. Who opens it
 * again and is given the same events from the oldest on adds what is new.
 */
final class BuildLog {

  /** Bytes of output that are kept of a build. */
  private static final long MOST_OUTPUT = 256L << 20;

  private final BuildId build;
  private final Path file;
  private final EventCodec codec;

  /** Events of a topic that are in the file already, and that will come once more. */
  private final Map<Topic, Long> known = new EnumMap<>(Topic.class);

  private BuildSummary summary;
  private long end;
  private long output;

  private BuildLog(BuildId build, Path file, EventCodec codec, Instant now) {
    this.build = requireNonNull(build, "build");
    this.file = requireNonNull(file, "file");
    this.codec = codec;
    this.summary = BuildSummary.begun(build, now);
  }

  /** A build that is new, or whose file is there. */
  static BuildLog open(BuildId build, Path file, EventCodec codec, Instant now) throws IOException {
    var log = new BuildLog(build, file, codec, now);
    if (Files.exists(file)) {
      log.read();
    } else {
      // What a build was asked for may hold what is nobody's business.
      Files.createFile(
          file,
          java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
              Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)));
    }
    return log;
  }

  private void read() throws IOException {
    try (var lines = new LineFile(file, 0)) {
      var first = true;
      for (var line = lines.next(); line != null; line = lines.next()) {
        var json = parsed(line);
        var time = time(json);
        if (first) {
          summary = BuildSummary.begun(build, time);
          first = false;
        }
        restore(json, time);
        end = lines.position();
      }
    }
    // What a process that was killed had only begun to write is written again.
    try (var channel = java.nio.channels.FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(end);
    }
  }

  private void restore(Json.Obj json, Instant time) {
    for (var topic : Topic.values()) {
      if (json.string("topic").filter(topic.topicName()::equals).isPresent()) {
        known.merge(topic, 1L, Long::sum);
      }
    }
    try {
      var type = json.string("type").orElse("");
      codec
          .decode(type, JsonText.write(json.object("data")))
          .ifPresent(event -> summary = summary.after(event, time));
    } catch (JsonSyntaxException otherVersion) {
      // It was written by another version; the summary does without it.
    }
  }

  private static Json.Obj parsed(String line) {
    try {
      return JsonText.parse(line) instanceof Json.Obj json ? json : Json.Obj.EMPTY;
    } catch (JsonSyntaxException broken) {
      return Json.Obj.EMPTY;
    }
  }

  private static Instant time(Json.Obj json) {
    try {
      return Instant.parse(json.string("time").orElse(""));
    } catch (DateTimeException none) {
      return Instant.EPOCH;
    }
  }

  /** Takes an event; false if it was there already. */
  synchronized boolean append(Topic topic, Event event, Instant now) throws IOException {
    var again = known.getOrDefault(topic, 0L);
    if (again > 0) {
      known.put(topic, again - 1);
      return false;
    }
    if (event instanceof Event.LogChunk chunk) {
      output += chunk.text().length();
      if (output > MOST_OUTPUT) {
        return false;
      }
    }
    var encoded = codec.encode(event);
    var line =
        JsonText.text(
                Json.Obj.EMPTY
                    .with("topic", Json.of(topic.topicName()))
                    .with("type", Json.of(encoded.type()))
                    .with("time", Json.of(now.toString()))
                    .with("data", encoded.json()))
            + "\n";
    var bytes = line.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Files.write(file, bytes, StandardOpenOption.APPEND);
    end += bytes.length;
    summary = summary.after(event, now);
    notifyAll();
    return true;
  }

  /** What has become of the build so far. */
  synchronized BuildSummary summary() {
    return summary;
  }

  /** Bytes of whole lines. */
  synchronized long end() {
    return end;
  }

  /** Waits until there is more than this, or the time is over. */
  synchronized void awaitBeyond(long position, Duration limit) throws InterruptedException {
    var until = System.nanoTime() + limit.toNanos();
    while (end <= position) {
      var left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }

  Path file() {
    return file;
  }

  BuildId build() {
    return build;
  }
}
