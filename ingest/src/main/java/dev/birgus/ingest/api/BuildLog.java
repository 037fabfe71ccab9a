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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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

  /** Characters of output that are kept of a build. */
  static final long MOST_OUTPUT = 256L << 20;

  /** A member of lines that came from no topic. */
  private static final String NOTE = "note";

  private final BuildId build;
  private final Path file;
  private final EventCodec codec;
  private final long mostOutput;

  /** Events of a topic that are in the file already, and that will come once more. */
  private final Map<Topic, Long> known = new EnumMap<>(Topic.class);

  private BuildSummary summary;
  private Instant heard;
  private boolean complete;
  private long end;
  private long settled;
  private long output;

  /** Whether output was left out: from then on all of it is. */
  private boolean cut;

  private BuildLog(BuildId build, Path file, EventCodec codec, long mostOutput, Instant now) {
    this.build = requireNonNull(build, "build");
    this.file = requireNonNull(file, "file");
    this.codec = codec;
    this.mostOutput = mostOutput;
    this.summary = BuildSummary.begun(build, now);
    this.heard = now;
  }

  /** A build that is new, or whose file is there. */
  static BuildLog open(BuildId build, Path file, EventCodec codec, Instant now) throws IOException {
    return open(build, file, codec, MOST_OUTPUT, now);
  }

  /** The same with another limit to what is kept of the output, in characters. */
  static BuildLog open(BuildId build, Path file, EventCodec codec, long mostOutput, Instant now)
      throws IOException {
    var log = new BuildLog(build, file, codec, mostOutput, now);
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
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(end);
    }
  }

  private void restore(Json.Obj json, Instant time) {
    heard = time;
    if (json.get(NOTE).isPresent()) {
      cut = true;
      return;
    }
    for (var topic : Topic.values()) {
      if (json.string("topic").filter(topic.topicName()::equals).isPresent()) {
        known.merge(topic, 1L, Long::sum);
      }
    }
    try {
      var type = json.string("type").orElse("");
      codec.decode(type, JsonText.write(json.object("data"))).ifPresent(event -> kept(event, time));
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

  /**
   * Takes an event; false if it was there already, or is not wanted.
   *
   * @throws IOException if it cannot be written; it may be taken again, as if it never had been
   */
  synchronized boolean append(Topic topic, Event event, Instant now) throws IOException {
    var again = known.getOrDefault(topic, 0L);
    if (again > 0) {
      known.put(topic, again - 1);
      return false;
    }
    if (event instanceof Event.LogChunk chunk && isTooMuch(chunk)) {
      leaveOut(chunk, now);
      return false;
    }
    // What is known is told, whether or not it can be written down.
    summary = summary.after(event, now);
    write(line(topic, event, now, false));
    kept(event, now);
    notifyAll();
    return true;
  }

  private void kept(Event event, Instant time) {
    summary = summary.after(event, time);
    heard = time;
    switch (event) {
      case Event.LogChunk chunk -> output += chunk.text().length();
      case Event.BuildSucceeded _, Event.BuildFailed _, Event.BuildCancelled _ -> complete = true;
      default -> {
        // The rest is in the summary.
      }
    }
  }

  private boolean isTooMuch(Event.LogChunk chunk) {
    return cut || output + chunk.text().length() > mostOutput;
  }

  /** The first that is left out is told of, where it would stand. */
  private void leaveOut(Event.LogChunk chunk, Instant now) throws IOException {
    if (!cut) {
      var said = "birgus: the build has printed more than the server keeps; the rest is left out\n";
      var note = new Event.LogChunk(build, chunk.stage(), chunk.step(), true, said);
      write(line(Topic.LOGS, note, now, true));
      cut = true;
      notifyAll();
    }
  }

  private byte[] line(Topic topic, Event event, Instant now, boolean isNote) {
    var encoded = codec.encode(event);
    var json =
        Json.Obj.EMPTY
            .with("topic", Json.of(topic.topicName()))
            .with("type", Json.of(encoded.type()))
            .with("time", Json.of(now.toString()))
            .with("data", encoded.json());
    return (JsonText.text(isNote ? json.with(NOTE, Json.of(true)) : json) + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Writes a line behind the last whole one: what was written of a line that did not fit is written
   * over, and has no end by which it could be taken for a line.
   */
  private void write(byte[] line) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.wrap(line);
      while (bytes.hasRemaining()) {
        channel.write(bytes, end + bytes.position());
      }
    }
    end += line.length;
  }

  /** Nothing more of the output comes that belongs before this position. */
  synchronized void settle(long position) {
    settled = Math.max(settled, position);
  }

  /** Up to where nothing more of the output comes, as far as is known. */
  synchronized long settled() {
    return settled;
  }

  /** Whether its end is in the file. */
  synchronized boolean isComplete() {
    return complete;
  }

  /** When the last came of it. */
  synchronized Instant heard() {
    return heard;
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
