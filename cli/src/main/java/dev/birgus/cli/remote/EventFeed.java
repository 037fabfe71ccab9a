package dev.birgus.cli.remote;

import dev.birgus.infra.codec.EventCodec;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.observe.Journal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

  /** What a server says of a build it has not read of. */
  private static final String UNKNOWN = "no-such-build";

  private final RemoteServer server;
  private final String build;
  private final BiConsumer<Topic, Event> reader;
  private final Outage outage;
  private final EventCodec codec = new EventCodec();
  private long events;
  private long logs;
  private Optional<Event> end = Optional.empty();

  /** Whether a server has said that there is this build. */
  private boolean heard;

  EventFeed(RemoteServer server, String build, BiConsumer<Topic, Event> reader, Journal journal) {
    this.server = server;
    this.build = build;
    this.reader = reader;
    this.outage = new Outage(journal, server::unreachable);
  }

  /** The same for a build that the server has taken in, whatever it says of it first. */
  EventFeed ofKnown() {
    heard = true;
    return this;
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
    while (end.isEmpty()) {
      try {
        read(true);
        if (end.isEmpty()) {
          outage.begin(new IOException("the server ended the stream before the build ended"));
        }
      } catch (IOException lost) {
        outage.begin(lost);
      } catch (FailureException refused) {
        // A server that was started again may not have read of the build yet.
        if (!heard || !refused.failure().name().equals(UNKNOWN)) {
          throw refused;
        }
        outage.begin(new IOException(refused.failure().message(), refused));
      }
      if (end.isEmpty()) {
        outage.pause();
      }
    }
    return end.get();
  }

  private void read(boolean follow) throws IOException, InterruptedException {
    try (var stream = server.events(build, events, logs, follow)) {
      heard = true;
      var lines = new SynchronousQueue<Read>();
      var reading = Thread.ofVirtual().name("events").start(() -> pump(stream, lines));
      try {
        while (true) {
          switch (lines.poll(SILENCE.toSeconds(), TimeUnit.SECONDS)) {
            case null ->
                throw new IOException("nothing was heard for " + SILENCE.toSeconds() + " s");
            case Read.Line(var line) -> take(line);
            case Read.End(var broken) -> {
              if (broken.isPresent()) {
                throw broken.get();
              }
              return;
            }
          }
        }
      } finally {
        reading.interrupt();
      }
    }
  }

  /** What comes of reading a stream once. */
  private sealed interface Read {
    /** A whole line. */
    record Line(String text) implements Read {}

    /** No more lines, and what broke the stream if it was not the server who ended it. */
    record End(Optional<IOException> broken) implements Read {}
  }

  private static void pump(InputStream stream, SynchronousQueue<Read> lines) {
    try {
      try {
        var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
          lines.put(new Read.Line(line));
        }
        lines.put(new Read.End(Optional.empty()));
      } catch (IOException broken) {
        lines.put(new Read.End(Optional.of(broken)));
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(String line) throws IOException {
    outage.end();
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
