package dev.birgus.cli.remote;

import dev.birgus.infra.codec.EventCodec;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Reads the events of a build from a server, each once and to the end. A connection that is lost is
 * made again, and goes on where it was.
 */
final class EventFeed {

  /** Servers send something every 15 s. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** How long a server may be away. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final RemoteServer server;
  private final String build;
  private final BiConsumer<Topic, Event> reader;
  private final Journal journal;
  private final EventCodec codec = new EventCodec();
  private long events;
  private long logs;
  private Optional<Event> end = Optional.empty();

  EventFeed(RemoteServer server, String build, BiConsumer<Topic, Event> reader, Journal journal) {
    this.server = server;
    this.build = build;
    this.reader = reader;
    this.journal = journal;
  }

  /**
   * Reads what there is, and no more.
   *
   * @return the end of the build, if it has come
   */
  Optional<Event> read() throws IOException, InterruptedException {
    read(false);
    return end;
  }

  /**
   * Reads to the build's end.
   *
   * @throws FailureException if the server refuses, or is away for too long
   */
  Event follow() throws InterruptedException {
    var lostAt = 0L;
    while (true) {
      var before = events + logs;
      try {
        read(true);
        if (end.isPresent()) {
          return end.get();
        }
        lostAt = events + logs > before ? 0 : lostAt;
      } catch (IOException lost) {
        var now = System.nanoTime();
        if (lostAt == 0 || events + logs > before) {
          lostAt = now;
          journal.log(
              Journal.Level.WARN,
              "the connection to the server is lost, and made again",
              Map.of(LogKeys.ERROR, String.valueOf(lost.getMessage())));
        } else if (now - lostAt > PATIENCE.toNanos()) {
          throw server.unreachable(lost);
        }
      }
      Thread.sleep(PAUSE);
    }
  }

  private void read(boolean follow) throws IOException, InterruptedException {
    try (var stream = server.events(build, events, logs, follow)) {
      var lines = new SynchronousQueue<Optional<String>>();
      var reading = Thread.ofVirtual().name("events").start(() -> pump(stream, lines));
      try {
        while (true) {
          var line = lines.poll(SILENCE.toSeconds(), TimeUnit.SECONDS);
          if (line == null) {
            throw new IOException("nothing was heard for " + SILENCE.toSeconds() + " s");
          }
          if (line.isEmpty()) {
            return;
          }
          take(line.get());
        }
      } finally {
        reading.interrupt();
      }
    }
  }

  /** An interrupted or broken stream ends as one that has ended: whether it is the end is known. */
  private static void pump(InputStream stream, SynchronousQueue<Optional<String>> lines) {
    try {
      try {
        var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
          lines.put(Optional.of(line));
        }
      } catch (IOException broken) {
        // The feed goes on with another connection.
      }
      lines.put(Optional.empty());
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(String line) throws IOException {
    if (line.isEmpty()) {
      return;
    }
    try {
      var json = JsonText.parse(line) instanceof Json.Obj object ? object : Json.Obj.EMPTY;
      var isLog = json.string("topic").filter(Topic.LOGS.topicName()::equals).isPresent();
      var event = codec.decode(json.string("type").orElse(""), JsonText.write(json.object("data")));
      if (isLog) {
        logs++;
      } else {
        events++;
      }
      event.ifPresent(each -> give(isLog ? Topic.LOGS : Topic.EVENTS, each));
    } catch (JsonSyntaxException cutOff) {
      throw new IOException("a line of the server was cut off", cutOff);
    }
  }

  private void give(Topic topic, Event event) {
    switch (event) {
      case Event.BuildSucceeded _, Event.BuildFailed _, Event.BuildCancelled _ ->
          end = Optional.of(event);
      default -> reader.accept(topic, event);
    }
  }
}
