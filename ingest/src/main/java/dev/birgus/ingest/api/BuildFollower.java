package dev.birgus.ingest.api;

import dev.birgus.infra.contracts.Topic;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Sends the events of a build to somebody who watches it, from the first on and until its end. What
 * a step has printed is sent before the news that the step is done, as far as it was sent before.
 */
final class BuildFollower {

  /** How long nothing is sent at most: an empty line shows that the connection lives. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** How often it is asked whether an ended build is known as a whole. */
  private static final Duration SHORTLY = Duration.ofMillis(500);

  private static final byte[] NOTHING = "\n".getBytes(StandardCharsets.UTF_8);
  private static final String LOGS = prefix(Topic.LOGS);
  private static final String EVENTS = prefix(Topic.EVENTS);
  private static final List<String> END_OUTPUT =
      List.of(
          "step-finished", "stage-failed", "build-succeeded", "build-failed", "build-cancelled");

  private final BuildLog log;
  private final OutputBarrier barrier;
  private long events;
  private long logs;

  /** Those that were seen already, of each topic the first ones. */
  record Seen(long events, long logs) {}

  BuildFollower(BuildLog log, OutputBarrier barrier, Seen seen) {
    this.log = log;
    this.barrier = barrier;
    this.events = seen.events();
    this.logs = seen.logs();
  }

  private static String prefix(Topic topic) {
    return "{\"topic\":\"" + topic.topicName() + "\",";
  }

  /** Sends what there is now. */
  void sendKnown(OutputStream out) throws IOException, InterruptedException {
    var _ = sendFrom(0, log.end(), out);
  }

  /**
   * Sends until the build has ended, or it makes no sense to go on.
   *
   * @param stops whether the one who watches has gone, or nothing more can come
   * @param whole whether there can be nothing before an end that is not known yet
   */
  void send(OutputStream out, BooleanSupplier stops, BooleanSupplier whole)
      throws IOException, InterruptedException {
    var history = log.end();
    var position = 0L;
    while (!stops.getAsBoolean()) {
      // Asked before reading: an end that is known is in the file.
      var ended = log.isComplete() && whole.getAsBoolean();
      var from = position;
      position = sendFrom(position, history, out);
      if (ended && position >= log.end()) {
        return;
      }
      if (position == from) {
        log.awaitBeyond(position, log.isComplete() ? SHORTLY : HEARTBEAT);
        if (log.end() <= position) {
          out.write(NOTHING);
        }
      }
    }
  }

  /**
   * Sends what there is. News that output has ended waits for the output before it, as long as that
   * may be on its way.
   *
   * @param history what was there when somebody began to watch
   */
  private long sendFrom(long position, long history, OutputStream out)
      throws IOException, InterruptedException {
    var held = new ArrayList<String>();
    var until = log.end();
    try (var lines = new LineFile(log.file(), position)) {
      while (lines.position() < until) {
        var line = lines.next();
        if (line == null) {
          break;
        }
        if (line.startsWith(LOGS)) {
          send(line, out);
        } else if (line.startsWith(EVENTS)) {
          var waits = endsOutput(line) && lines.position() > history;
          if (waits) {
            barrier.await(log, lines.position());
            until = log.end();
          }
          if (held.isEmpty() && !waits) {
            send(line, out);
          } else {
            held.add(line);
          }
        }
      }
      for (var line : held) {
        send(line, out);
      }
      return lines.position();
    }
  }

  private static boolean endsOutput(String line) {
    var type = EVENTS + "\"type\":\"dev.birgus.";
    return END_OUTPUT.stream().anyMatch(word -> line.startsWith(word, type.length()));
  }

  private void send(String line, OutputStream out) throws IOException {
    if (line.startsWith(LOGS) ? logs > 0 : events > 0) {
      if (line.startsWith(LOGS)) {
        logs--;
      } else {
        events--;
      }
      return;
    }
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
