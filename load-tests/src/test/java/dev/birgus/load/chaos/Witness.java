package dev.birgus.load.chaos;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.kafka.KafkaEventBus;
import dev.birgus.infra.bus.kafka.KafkaSettings;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Reads the public feed from its beginning, and notes how builds end. */
final class Witness implements AutoCloseable {

  private final Map<String, List<Event>> ends = new ConcurrentHashMap<>();
  private final EventBus bus;

  private Witness(EventBus bus) {
    this.bus = bus;
  }

  static Witness of(KafkaSettings kafka, Map<String, Integer> troubles)
      throws InterruptedException {
    var bus =
        KafkaEventBus.open(
            kafka,
            "witness",
            Journal.silent(),
            (_, failure) -> troubles.merge("witness: " + failure, 1, Integer::sum));
    var witness = new Witness(bus);
    var _ = bus.replay(Topic.EVENTS, "witness", witness::note);
    return witness;
  }

  private void note(Event event) {
    switch (event) {
      case Event.BuildSucceeded end -> add(end);
      case Event.BuildFailed end -> add(end);
      case Event.BuildCancelled end -> add(end);
      default -> {
        // The rest is on the way to it.
      }
    }
  }

  private void add(Event.OfBuild end) {
    ends.computeIfAbsent(end.build().value(), _ -> new CopyOnWriteArrayList<>()).add(end);
  }

  /** The ends a build has had. */
  List<Event> ends(String build) {
    return List.copyOf(ends.getOrDefault(build, List.of()));
  }

  @Override
  public void close() {
    bus.close();
  }
}
