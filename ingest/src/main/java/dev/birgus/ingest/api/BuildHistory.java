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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The builds this server knows: each in a file of its own, with a summary in memory. When there are
 * too many, or they take too much, the oldest that have ended go for good, and after them those
 * that nothing was heard of for longer than a build may take.
 *
 * <p>What is known is read off topics, each on a thread of its own, so that of one build the topics
 * are read in any order. An event that cannot be kept holds its topic up until it can.
 */
final class BuildHistory implements AutoCloseable {

  /** The topics a history is read from, in the order in which reading them is to begin. */
  static final List<Topic> TOPICS = List.of(Topic.LOGS, Topic.EVENTS, Topic.BUILDS);

  /** How long one topic may be behind another. */
  static final Duration ORDER = Duration.ofSeconds(3);

  private static final Comparator<BuildLog> OLDEST_FIRST =
      Comparator.comparing(log -> log.summary().requested());

  private static final String ENDING = ".jsonl";
  private static final long RETRY_MILLIS = 1000;
  private static final int TOLD_EVERY = 60;

  /** The file of builds that are gone, also for a server that is started again. */
  private static final String FORGOTTEN = "forgotten";

  /** Builds of many days; the topics do not keep more of most servers. */
  private static final int MOST_FORGOTTEN = 100_000;

  private static final int MOST_UNHEARD = 1_000;

  private final Path folder;
  private final Limits limits;
  private final InstantSource clock;
  private final Journal journal;
  private final EventCodec codec = new EventCodec();

  /** Guarded by itself, as all that follows. Told of when a build is new, asked for, or closed. */
  private final Map<BuildId, BuildLog> logs = new LinkedHashMap<>();

  /** What comes of these is nothing new. */
  private final ForgottenBuilds forgotten;

  /** Builds of which output came, and nothing else in time. */
  private final RecentBuilds unheard = new RecentBuilds(MOST_UNHEARD);

  private final Set<Topic> behind = EnumSet.copyOf(TOPICS);
  private final Map<Topic, String> troubles = new EnumMap<>(Topic.class);
  private boolean closed;

  /**
   * What is kept.
   *
   * @param most builds, at least 1
   * @param bytes their files may take
   * @param silence after which an open build will not end any more
   */
  record Limits(int most, long bytes, Duration silence) {}

  private BuildHistory(
      Path folder, Limits limits, ForgottenBuilds forgotten, InstantSource clock, Journal journal) {
    this.folder = folder;
    this.limits = limits;
    this.forgotten = forgotten;
    this.clock = clock;
    this.journal = journal;
  }

  /**
   * Opens a history.
   *
   * @param folder of nothing else; made if it is missing
   */
  static BuildHistory open(Path folder, Limits limits, InstantSource clock, Journal journal)
      throws IOException {
    requireNonNull(journal, "journal");
    Files.createDirectories(folder);
    var forgotten = ForgottenBuilds.open(folder.resolve(FORGOTTEN), MOST_FORGOTTEN);
    var history =
        new BuildHistory(folder, limits, forgotten, requireNonNull(clock, "clock"), journal);
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
    found.sort(OLDEST_FIRST);
    synchronized (logs) {
      found.forEach(log -> logs.put(log.build(), log));
    }
  }

  /**
   * Takes an event of a build. While it cannot be kept, for instance because the disk is full, this
   * does not return: what is read off a topic and forgotten does not come again.
   */
  void take(Topic topic, Event.OfBuild event) {
    try {
      for (var attempt = 0; !keep(topic, event, attempt); attempt++) {
        if (!pause()) {
          return;
        }
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean keep(Topic topic, Event.OfBuild event, int attempt) throws InterruptedException {
    try {
      var log = log(topic, event.build());
      var news = log.isPresent() && log.get().append(topic, event, clock.instant());
      kept(topic);
      if (news && log.get().isComplete()) {
        tidy(Optional.of(event.build()));
      }
      return true;
    } catch (IOException failed) {
      if (failed instanceof NoSuchFileException && Files.isDirectory(folder)) {
        removed(event.build());
        return true;
      }
      notKept(topic, event, failed, attempt);
      return false;
    }
  }

  /** Somebody else has removed the file of a build; that build is forgotten, and no other one. */
  private void removed(BuildId build) {
    synchronized (logs) {
      forget(build);
    }
    journal.log(
        Journal.Level.WARN,
        "the file of a build is not there any more",
        Map.of(LogKeys.BUILD, build.value()));
  }

  private void kept(Topic topic) {
    synchronized (logs) {
      troubles.remove(topic);
      if (topic == Topic.BUILDS) {
        logs.notifyAll();
      }
    }
  }

  private void notKept(Topic topic, Event.OfBuild event, IOException failed, int attempt) {
    synchronized (logs) {
      troubles.put(topic, String.valueOf(failed));
    }
    if (attempt % TOLD_EVERY == 0) {
      journal.log(
          Journal.Level.ERROR,
          "an event of a build cannot be kept; the server waits until it can",
          Map.of(LogKeys.BUILD, event.build().value(), LogKeys.ERROR, String.valueOf(failed)));
    }
  }

  /** False if there is nothing to wait for any more. */
  private boolean pause() throws InterruptedException {
    synchronized (logs) {
      if (!closed) {
        logs.wait(RETRY_MILLIS);
      }
      return !closed;
    }
  }

  /** The build's file; none if what comes of the build is not wanted. */
  private Optional<BuildLog> log(Topic topic, BuildId build)
      throws IOException, InterruptedException {
    if (topic == Topic.LOGS) {
      return ofOutput(build);
    }
    Optional<BuildLog> made;
    synchronized (logs) {
      var known = logs.get(build);
      if (known != null || forgotten.contains(build)) {
        return Optional.ofNullable(known);
      }
      made =
          Optional.of(
              BuildLog.open(build, folder.resolve(build.value() + ENDING), codec, clock.instant()));
      logs.put(build, made.get());
      unheard.remove(build);
      logs.notifyAll();
    }
    tidy(Optional.of(build));
    return made;
  }

  /**
   * Output makes no build known: of one that is gone it may come long after the end. But it may
   * also be here before the request is.
   */
  private Optional<BuildLog> ofOutput(BuildId build) throws InterruptedException {
    synchronized (logs) {
      while (isBehind(Topic.EVENTS, Topic.BUILDS) && unknown(build)) {
        logs.wait(RETRY_MILLIS);
      }
      // Of what was there when the reading began all requests are known now.
      if (!behind.contains(Topic.LOGS) && !unheard.contains(build)) {
        var found = await(build, _ -> true, ORDER);
        if (found.isEmpty()) {
          unheard.add(build);
        }
        return found;
      }
      return Optional.ofNullable(logs.get(build));
    }
  }

  private boolean isBehind(Topic one, Topic other) {
    return behind.contains(one) || behind.contains(other);
  }

  private boolean unknown(BuildId build) {
    return !closed && !logs.containsKey(build) && !forgotten.contains(build);
  }

  /** What is known of a build. */
  Optional<BuildLog> find(BuildId build) {
    synchronized (logs) {
      return Optional.ofNullable(logs.get(build));
    }
  }

  /**
   * What is known of a build that may have been asked for just now.
   *
   * @param wanted what has to be known of it
   * @param limit how long it may take to become known
   */
  Optional<BuildLog> await(BuildId build, Predicate<BuildSummary> wanted, Duration limit)
      throws InterruptedException {
    var until = System.nanoTime() + limit.toNanos();
    synchronized (logs) {
      while (true) {
        var known = logs.get(build);
        if (known != null && wanted.test(known.summary())) {
          return Optional.of(known);
        }
        var left = (until - System.nanoTime()) / 1_000_000;
        if (left <= 0 || closed || forgotten.contains(build)) {
          return Optional.empty();
        }
        logs.wait(left);
      }
    }
  }

  /** All builds, the newest first. */
  List<BuildSummary> summaries() {
    List<BuildLog> all;
    synchronized (logs) {
      all = List.copyOf(logs.values());
    }
    return all.stream().sorted(OLDEST_FIRST).map(BuildLog::summary).toList().reversed();
  }

  /** Says that everything has been taken that a topic held when the reading began. */
  void caughtUp(Topic topic) {
    synchronized (logs) {
      behind.remove(topic);
      logs.notifyAll();
    }
  }

  /** Whether a build that is not known here is not known at all. */
  boolean isComplete() {
    synchronized (logs) {
      return behind.isEmpty();
    }
  }

  /** Whether what comes cannot be kept now. */
  boolean isStuck() {
    synchronized (logs) {
      return !troubles.isEmpty();
    }
  }

  /** Why others know more of builds than this server does, for operators. */
  Optional<String> problem() {
    synchronized (logs) {
      if (!troubles.isEmpty()) {
        return Optional.of("what becomes of builds cannot be kept: " + troubles.values());
      }
      return behind.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "it still reads what was there before it: "
                  + String.join(", ", behind.stream().map(Topic::topicName).toList()));
    }
  }

  /**
   * Forgets what is too much.
   *
   * @param latest which has begun or ended just now: somebody may look at it still
   */
  private void tidy(Optional<BuildId> latest) {
    synchronized (logs) {
      var silent = clock.instant().minus(limits.silence());
      forget(log -> log.summary().state().isEnd() && !latest.equals(Optional.of(log.build())));
      forget(log -> log.heard().isBefore(silent));
    }
  }

  private void forget(Predicate<BuildLog> which) {
    var bytes = logs.values().stream().mapToLong(BuildLog::end).sum();
    // They became known in any order, for a server that is new here reads one partition after
    // another.
    var chosen = logs.values().stream().filter(which).sorted(OLDEST_FIRST).toList().iterator();
    while ((logs.size() > limits.most() || bytes > limits.bytes()) && chosen.hasNext()) {
      var oldest = chosen.next();
      bytes -= oldest.end();
      forget(oldest.build());
    }
  }

  private void forget(BuildId build) {
    var log = logs.remove(build);
    try {
      // In this order: where the disk is full there has to be space first.
      if (log != null) {
        Files.deleteIfExists(log.file());
      }
      forgotten.add(build);
    } catch (IOException failed) {
      journal.log(
          Journal.Level.WARN,
          "that a build is forgotten cannot be kept: it may come back when the server is started",
          Map.of(LogKeys.BUILD, build.value(), LogKeys.ERROR, failed.toString()));
    }
  }

  /** Whoever waits for something goes on without. */
  @Override
  public void close() {
    synchronized (logs) {
      closed = true;
      logs.notifyAll();
    }
  }
}
