package dev.birgus.planner.service;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.bus.Job;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.Topic;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The bus of one process, with somebody who keeps all that is published. */
final class RecordingBus implements EventBus {

  private final InMemoryEventBus bus =
      new InMemoryEventBus((_, bug) -> {
        throw new AssertionError(bug);
      });
  private final Map<Topic, LinkedBlockingQueue<Event>> published = new EnumMap<>(Topic.class);

  private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();

  RecordingBus() {
    for (var topic : Topic.values()) {
      var queue = new LinkedBlockingQueue<Event>();
      published.put(topic, queue);
      switch (topic) {
        case WORK ->
            bus.work(topic, Scheduling.DEFAULT_POOL, "test", 1, job -> queue.add(job.event()));
        case PUSHES -> bus.work(topic, Topic.ANYONE, "test", 1, job -> queue.add(job.event()));
        case BUILDS, STAGES, LINES, RESULTS, CONTROL, EVENTS, LOGS ->
            bus.subscribe(topic, "test", queue::add);
      }
    }
  }

  /** Refuses the next events on a topic, so many of them. */
  void refuse(Topic topic, Failure failure, int times) {
    for (var time = 0; time < times; time++) {
      refusals.add(new Refusal(topic, failure));
    }
  }

  private record Refusal(Topic topic, Failure failure) {}

  @Override
  public void publish(Topic topic, String key, Event event) {
    var refusal = refusals.peek();
    if (refusal != null && refusal.topic() == topic && refusals.remove(refusal)) {
      throw refusal.failure().toException();
    }
    bus.publish(topic, key, event);
  }

  @Override
  public Subscription subscribe(Topic topic, String group, Consumer<Event> handler) {
    return bus.subscribe(topic, group, handler);
  }

  @Override
  public <S> Subscription process(Processing<S> processing) {
    return bus.process(processing);
  }

  @Override
  public Subscription work(
      Topic queue, String lane, String group, int slots, Consumer<Job> worker) {
    return bus.work(queue, lane, group, slots, worker);
  }

  @Override
  public void close() {
    bus.close();
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

  private LinkedBlockingQueue<Event> queue(Topic topic) {
    return published.getOrDefault(topic, new LinkedBlockingQueue<>());
  }
}
