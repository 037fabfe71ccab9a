package dev.birgus.planner.service;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A bus that delivers on the publisher's thread and keeps all that was published. */
final class RecordingBus implements EventBus {

  private final Map<Topic, List<Consumer<Event>>> handlers = new EnumMap<>(Topic.class);
  private final Map<Topic, LinkedBlockingQueue<Event>> published = new EnumMap<>(Topic.class);

  RecordingBus() {
    for (var topic : Topic.values()) {
      handlers.put(topic, new ArrayList<>());
      published.put(topic, new LinkedBlockingQueue<>());
    }
  }

  @Override
  public void publish(Topic topic, String key, Event event) {
    queue(topic).add(event);
    for (var handler : List.copyOf(handlersOf(topic))) {
      handler.accept(event);
    }
  }

  @Override
  public Subscription subscribe(Topic topic, String group, Consumer<Event> handler) {
    handlersOf(topic).add(handler);
    return () -> handlersOf(topic).remove(handler);
  }

  @Override
  public Subscription work(Topic queue, String group, int slots, Consumer<Event> worker) {
    return subscribe(queue, group, worker);
  }

  @Override
  public void close() {
    handlers.values().forEach(List::clear);
  }

  /** The next event of a topic; fails if there is none for a long time. */
  Event next(Topic topic) {
    try {
      var event = queue(topic).poll(30, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("nothing was published on " + topic);
      }
      return event;
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  /** Whether nothing waits on a topic now. */
  boolean isQuiet(Topic topic) {
    return queue(topic).isEmpty();
  }

  private List<Consumer<Event>> handlersOf(Topic topic) {
    return handlers.getOrDefault(topic, new ArrayList<>());
  }

  private LinkedBlockingQueue<Event> queue(Topic topic) {
    return published.getOrDefault(topic, new LinkedBlockingQueue<>());
  }
}
