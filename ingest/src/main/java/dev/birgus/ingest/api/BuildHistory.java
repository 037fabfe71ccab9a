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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The builds this server knows: each in a file of its own, with a summary in memory. When there are
 * too many the oldest that have ended go.
 */
final class BuildHistory {

  private static final String ENDING = ".jsonl";

  private final Path folder;
  private final int most;
  private final InstantSource clock;
  private final Journal journal;
  private final EventCodec codec = new EventCodec();
  private final Map<BuildId, BuildLog> logs = new LinkedHashMap<>();

  private BuildHistory(Path folder, int most, InstantSource clock, Journal journal) {
    this.folder = folder;
    this.most = most;
    this.clock = clock;
    this.journal = journal;
  }

  /**
   * Opens a history.
   *
   * @param folder of nothing else; made if it is missing
   * @param most builds that are kept
   */
  static BuildHistory open(Path folder, int most, InstantSource clock, Journal journal)
      throws IOException {
    requireNonNull(journal, "journal");
    Files.createDirectories(folder);
    var history = new BuildHistory(folder, most, requireNonNull(clock, "clock"), journal);
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
      var news = log(event.build()).append(topic, event, clock.instant());
      if (news && find(event.build()).filter(log -> log.summary().state().isEnd()).isPresent()) {
        tidy();
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

  private BuildLog log(BuildId build) throws IOException {
    synchronized (logs) {
      var known = logs.get(build);
      if (known == null) {
        known =
            BuildLog.open(build, folder.resolve(build.value() + ENDING), codec, clock.instant());
        logs.put(build, known);
      }
      return known;
    }
  }

  /** What is known of a build. */
  Optional<BuildLog> find(BuildId build) {
    synchronized (logs) {
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

  private void tidy() throws IOException {
    synchronized (logs) {
      var ended =
          logs.values().stream().filter(log -> log.summary().state().isEnd()).toList().iterator();
      while (logs.size() > most && ended.hasNext()) {
        var oldest = ended.next();
        logs.remove(oldest.build());
        Files.deleteIfExists(oldest.file());
      }
    }
  }
}
