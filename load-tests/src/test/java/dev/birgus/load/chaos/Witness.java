package dev.birgus.load.chaos;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.kafka.KafkaEventBus;
import dev.birgus.infra.bus.kafka.KafkaSettings;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Reads the public feed from its beginning, and notes what becomes of builds. */
final class Witness implements AutoCloseable {

  private static final int REMEMBERED = 12;
  private static final int LONGEST = 220;

  private final Map<String, Story> stories = new HashMap<>();
  private final Map<String, Integer> troubles = new TreeMap<>();
  private final List<Consumer<Event>> watchers = new CopyOnWriteArrayList<>();
  private final EventBus bus;

  /** What is known of one build. */
  private static final class Story {
    private final List<Event> ends = new ArrayList<>();
    private final List<Event.StageStarted> starts = new ArrayList<>();
    private final Deque<String> last = new ArrayDeque<>();
  }

  private Witness(KafkaSettings kafka) throws InterruptedException {
    bus =
        KafkaEventBus.open(
            kafka, "witness", Journal.silent(), (_, failure) -> trouble("witness: " + failure));
  }

  static Witness of(KafkaSettings kafka) throws InterruptedException {
    var witness = new Witness(kafka);
    var _ = witness.bus.replay(Topic.EVENTS, "witness", witness::note);
    return witness;
  }

  private void note(Event event) {
    if (event instanceof Event.OfBuild ofBuild) {
      note(ofBuild);
    }
    watchers.forEach(watcher -> watcher.accept(event));
  }

  private synchronized void note(Event.OfBuild event) {
    var story = stories.computeIfAbsent(event.build().value(), _ -> new Story());
    switch (event) {
      case Event.BuildSucceeded end -> story.ends.add(end);
      case Event.BuildFailed end -> story.ends.add(end);
      case Event.BuildCancelled end -> story.ends.add(end);
      case Event.StageStarted start -> story.starts.add(start);
      default -> {
        // The rest is on the way to it.
      }
    }
    var text = event.toString();
    story.last.add(
        LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS)
            + " "
            + text.substring(0, Math.min(text.length(), LONGEST)));
    if (story.last.size() > REMEMBERED) {
      story.last.removeFirst();
    }
  }

  /** The ends a build has had. */
  synchronized List<Event> ends(String build) {
    var story = stories.get(build);
    return story == null ? List.of() : List.copyOf(story.ends);
  }

  /** Whenever a node has begun with a stage of a build. */
  synchronized List<Event.StageStarted> starts(String build) {
    var story = stories.get(build);
    return story == null ? List.of() : List.copyOf(story.starts);
  }

  /** The last that was heard of a build, a line for each event. */
  synchronized String last(String build) {
    var story = stories.get(build);
    return story == null ? "nothing was heard of it" : String.join("\n    ", story.last);
  }

  /** Something that should not have happened. */
  synchronized void trouble(String what) {
    troubles.merge(what, 1, Integer::sum);
  }

  /** What should not have happened, and how often it did. */
  synchronized Map<String, Integer> troubles() {
    return Map.copyOf(troubles);
  }

  /** Shows every event from now on, on the thread that reads them. */
  void watch(Consumer<Event> watcher) {
    watchers.add(watcher);
  }

  /** Waits for the next event like this one; whether there was one in this time. */
  boolean awaitNext(Predicate<Event> wanted, Duration limit) throws InterruptedException {
    var seen = new CountDownLatch(1);
    Consumer<Event> watcher =
        event -> {
          if (wanted.test(event)) {
            seen.countDown();
          }
        };
    watchers.add(watcher);
    try {
      return seen.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      watchers.remove(watcher);
    }
  }

  @Override
  public void close() {
    bus.close();
  }
}
