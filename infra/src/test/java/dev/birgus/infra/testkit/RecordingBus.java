package dev.birgus.infra.testkit;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Job;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Remembers what was published and hands it to the handlers at once, on the publishing thread: a
 * service under test has done all its work when {@code publish} returns. Work queues hand each job
 * to the first worker of each group.
 */
public final class RecordingBus implements EventBus {

  /** Something that was published. */
  public record Published(Topic topic, String key, Event event) {}

  private record Handler(Topic topic, String group, boolean shared, Consumer<Job> handler) {}

  private final List<Published> published = new CopyOnWriteArrayList<>();
  private final List<Handler> handlers = new CopyOnWriteArrayList<>();
  private final Set<Class<? extends Event>> refused = ConcurrentHashMap.newKeySet();
  private final Set<Class<? extends Event>> hanging = ConcurrentHashMap.newKeySet();

  /** Takes no events of this kind from now on, as if the brokers were away. */
  public RecordingBus refusing(Class<? extends Event> kind) {
    refused.add(kind);
    return this;
  }

  /** Does not answer who publishes events of this kind from now on, as if the brokers hung. */
  public RecordingBus hangingAt(Class<? extends Event> kind) {
    hanging.add(kind);
    return this;
  }

  private static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void publish(Topic topic, String key, Event event) {
    if (hanging.contains(event.getClass())) {
      hang();
    }
    if (refused.contains(event.getClass())) {
      throw Failure.of("bus-unavailable", "an event cannot be sent: " + key, "").toException();
    }
    published.add(new Published(topic, key, event));
    give(topic, new OnlyJob(event));
  }

  /** Hands a job to the first worker of each group, or its event to all who read the topic. */
  public void give(Topic topic, Job job) {
    var served = new ArrayList<String>();
    for (var handler : handlers) {
      if (handler.topic() == topic && !(handler.shared() && served.contains(handler.group()))) {
        if (handler.shared()) {
          served.add(handler.group());
        }
        handler.handler().accept(job);
      }
    }
  }

  @Override
  public Subscription subscribe(Topic topic, String group, Consumer<Event> handler) {
    return add(new Handler(topic, group, false, job -> handler.accept(job.event())));
  }

  @Override
  public <S> Subscription process(Processing<S> processing) {
    throw new UnsupportedOperationException("what remembers needs a bus that does: in memory");
  }

  @Override
  public Subscription work(
      Topic queue, String lane, String group, int slots, Consumer<Job> worker) {
    return add(new Handler(queue, group, true, worker));
  }

  private record OnlyJob(Event event) implements Job {
    @Override
    public int delivery() {
      return 1;
    }

    @Override
    public boolean stillMine() {
      return true;
    }

    @Override
    public void giveBack() {
      throw new UnsupportedOperationException("there is no other worker");
    }
  }

  private Subscription add(Handler handler) {
    handlers.add(handler);
    return () -> handlers.remove(handler);
  }

  /** Everything published so far, in order. */
  public List<Published> published() {
    return List.copyOf(published);
  }

  /** The events published on a topic so far, in order. */
  public List<Event> on(Topic topic) {
    return published.stream().filter(p -> p.topic() == topic).map(Published::event).toList();
  }

  /** The published events of one kind, in order. */
  public <E extends Event> List<E> all(Class<E> kind) {
    return published.stream()
        .map(Published::event)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  @Override
  public void close() {
    handlers.clear();
  }
}
