package dev.birgus.ingest.api;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.codec.EventCodec;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The builds this server knows: each in a file of its own, with a summary in memory. When there are
 * too many, or they take too much, the oldest that have ended go, for good.
 */
final class BuildHistory {

  private static final String ENDING = ".jsonl";
  private static final String FORGOTTEN = "forgotten";

  /** Builds of many days; the topics do not keep more of most servers. */
  private static final int MOST_FORGOTTEN = 100_000;

  private final Path folder;
  private final Bounds bounds;
  private final ForgottenBuilds forgotten;
  private final InstantSource clock;
  private final Journal journal;
  private final EventCodec codec = new EventCodec();
  private final Map<BuildId, BuildLog> logs = new LinkedHashMap<>();

  /**
   * How much is remembered.
   *
   * @param builds how many
   * @param bytes what their files may take
   */
  record Bounds(int builds, long bytes) {}

  private BuildHistory(
      Path folder, Bounds bounds, ForgottenBuilds forgotten, InstantSource clock, Journal journal) {
    this.folder = folder;
    this.bounds = bounds;
    this.forgotten = forgotten;
    this.clock = clock;
    this.journal = journal;
  }

  /**
   * Opens a history.
   *
   * @param folder of nothing else; made if it is missing
   */
  static BuildHistory open(Path folder, Bounds bounds, InstantSource clock, Journal journal)
      throws IOException {
    requireNonNull(journal, "journal");
    Files.createDirectories(folder);
    var forgotten = ForgottenBuilds.open(folder.resolve(FORGOTTEN), MOST_FORGOTTEN);
    var history =
        new BuildHistory(folder, bounds, forgotten, requireNonNull(clock, "clock"), journal);
    history.read();
    return history;
  }

  private void read() throws IOException {
    var found = new ArrayList<BuildLog>();
    try (var files = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (var file : files) {
        var name = file.getFileName().toString();
        try {
          var build = new BuildId(name.substring(0, name.length() - ENDING.length()));
          found.add(BuildLog.open(build, file, codec, clock.instant()));
        } catch (IllegalArgumentException notOurs) {
          journal.log(
              Journal.Level.WARN,
              "a file is not one of a build",
              Map.of(LogKeys.PATH, file.toString()));
        }
      }
    }
    found.sort(Comparator.comparing(log -> log.summary().requested()));
    found.forEach(log -> logs.put(log.build(), log));
  }

  /** Takes an event of a build. True if it is news. */
  boolean take(Topic topic, Event.OfBuild event) {
    try {
      var kept = log(event.build());
      if (kept.isEmpty()) {
        return false;
      }
      var news = kept.get().append(topic, event, clock.instant());
      if (news && find(event.build()).filter(log -> log.summary().state().isEnd()).isPresent()) {
        tidy(event.build());
      }
      return news;
    } catch (IOException failed) {
      journal.log(
          Journal.Level.ERROR,
          "an event of a build cannot be kept",
          Map.of(LogKeys.BUILD, event.build().value(), LogKeys.ERROR, String.valueOf(failed)));
      return false;
    }
  }

  private Optional<BuildLog> log(BuildId build) throws IOException {
    synchronized (logs) {
      var known = logs.get(build);
      if (known == null) {
        if (forgotten.contains(build)) {
          return Optional.empty();
        }
        known =
            BuildLog.open(build, folder.resolve(build.value() + ENDING), codec, clock.instant());
        logs.put(build, known);
        logs.notifyAll();
      }
      return Optional.of(known);
    }
  }

  /** What is known of a build. */
  Optional<BuildLog> find(BuildId build) {
    synchronized (logs) {
      return Optional.ofNullable(logs.get(build));
    }
  }

  /** The same, waiting for the first event of the build as long as this. */
  Optional<BuildLog> await(BuildId build, Duration limit) throws InterruptedException {
    var until = System.nanoTime() + limit.toNanos();
    synchronized (logs) {
      for (var left = limit.toMillis(); left > 0 && !logs.containsKey(build); ) {
        logs.wait(left);
        left = (until - System.nanoTime()) / 1_000_000;
      }
      return Optional.ofNullable(logs.get(build));
    }
  }

  /** All builds, the newest first. */
  List<BuildSummary> summaries() {
    List<BuildLog> all;
    synchronized (logs) {
      all = List.copyOf(logs.values());
    }
    return all.stream().map(BuildLog::summary).toList().reversed();
  }

  /**
   * Forgets what is too much.
   *
   * @param latest which has just ended: somebody may look at it still
   */
  private void tidy(BuildId latest) throws IOException {
    synchronized (logs) {
      var bytes = logs.values().stream().mapToLong(BuildLog::end).sum();
      var ended =
          logs.values().stream()
              .filter(log -> log.summary().state().isEnd() && !log.build().equals(latest))
              .toList()
              .iterator();
      while ((logs.size() > bounds.builds() || bytes > bounds.bytes()) && ended.hasNext()) {
        var oldest = ended.next();
        bytes -= oldest.end();
        logs.remove(oldest.build());
        forgotten.add(oldest.build());
        Files.deleteIfExists(oldest.file());
      }
    }
  }
}
