package dev.birgus.infra.bus;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The bus of one process. Every subscription has a virtual thread and a bounded queue; the workers
 * of a group share one queue, and each of their slots has a thread.
 *
 * <p>Who publishes waits while a queue is full, so that a flood of output cannot fill the memory.
 * Waiting goes one way only, which is why it cannot lock up: the outside waits for everything; a
 * handler waits for the feeds ({@link Topic#EVENTS}, {@link Topic#LOGS}) and never for the topics
 * that drive the build, which hold few events; a handler of a feed waits for nothing. What a
 * handler may not do is to wait itself for another thread that publishes on the topic it handles.
 *
 * <p>Jobs published on {@link Topic#WORK} or {@link Topic#PUSHES} before there is a worker are kept
 * for the first group that comes. Events published on a closed bus go nowhere.
 */
public final class InMemoryEventBus implements EventBus {

  /** Events a queue holds before publishers wait for it. */
  public static final int DEFAULT_CAPACITY = 1024;

  private static final ScopedValue<Topic> HANDLED_TOPIC = ScopedValue.newInstance();

  private final BiConsumer<Event, Throwable> handlerFailed;
  private final int capacity;
  private final Map<Topic, Channel> channels = new EnumMap<>(Topic.class);
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * A bus.
   *
   * @param handlerFailed told of a handler that threw, and the event it threw at; called on the
   *     handler's thread
   */
  public InMemoryEventBus(BiConsumer<Event, Throwable> handlerFailed) {
    this(handlerFailed, DEFAULT_CAPACITY);
  }

  /**
   * A bus with queues of this length.
   *
   * @param capacity events a queue holds before publishers wait, at least 1
   */
  public InMemoryEventBus(BiConsumer<Event, Throwable> handlerFailed, int capacity) {
    this.handlerFailed = requireNonNull(handlerFailed, "handlerFailed");
    this.capacity = capacity;
    if (capacity < 1) {
      throw new IllegalArgumentException("a queue must hold an event: " + capacity);
    }
    for (var topic : Topic.values()) {
      channels.put(topic, new Channel(topic));
    }
  }

  /** A bus that writes the failures of handlers into the journal. */
  public static InMemoryEventBus reportingTo(Journal journal) {
    return new InMemoryEventBus((event, failure) ->
        journal.log(
            Journal.Level.ERROR,
            "an event handler failed",
            Map.of(
                LogKeys.BUILD,
                event.build().value(),
                LogKeys.EVENT,
                event.getClass().getSimpleName(),
                LogKeys.ERROR,
                failure.toString())));
  }

  @Override
  public void publish(Topic topic, String key, Event event) {
    requireNonNull(key, "key");
    requireNonNull(event, "event");
    channel(topic).publish(event, mayWaitFor(topic));
  }

  @Override
  public Subscription subscribe(Topic topic, String group, Consumer<Event> handler) {
    requireNonNull(group, "group");
    requireNonNull(handler, "handler");
    var queue = new EventQueue(capacity);
    var feed = new Delivery(topic, queue, 1, handler, true);
    channel(topic).add(feed);
    return feed;
  }

  @Override
  public Subscription work(Topic queue, String group, int slots, Consumer<Event> worker) {
    requireNonNull(group, "group");
    requireNonNull(worker, "worker");
    if (slots < 1) {
      throw new IllegalArgumentException("a worker needs a slot: " + slots);
    }
    return channel(queue).addWorker(group, slots, worker);
  }

  @Override
  public void close() {
    closed.set(true);
    var running = new ArrayList<Delivery>();
    for (var channel : channels.values()) {
      running.addAll(channel.shut());
    }
    running.forEach(Delivery::interrupt);
    running.forEach(Delivery::await);
  }

  private Channel channel(Topic topic) {
    return requireNonNull(channels.get(topic), "topic");
  }

  private static boolean isFeed(Topic topic) {
    return switch (topic) {
      case EVENTS, LOGS -> true;
      case BUILDS, WORK, RESULTS, PUSHES -> false;
    };
  }

  private static boolean keepsUnclaimed(Topic topic) {
    return switch (topic) {
      case WORK, PUSHES -> true;
      case BUILDS, RESULTS, EVENTS, LOGS -> false;
    };
  }

  private static boolean mayWaitFor(Topic target) {
    return !HANDLED_TOPIC.isBound() || (!isFeed(HANDLED_TOPIC.get()) && isFeed(target));
  }

  /** Everything that listens on one topic. */
  private final class Channel {
    private final Topic topic;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final Map<String, EventQueue> groups = new LinkedHashMap<>();
    private final List<Event> unclaimed = new ArrayList<>();
    private final CopyOnWriteArrayList<EventQueue> queues = new CopyOnWriteArrayList<>();

    Channel(Topic topic) {
      this.topic = topic;
    }

    void publish(Event event, boolean mayWait) {
      if (keepsUnclaimed(topic) && keep(event)) {
        return;
      }
      for (var queue : queues) {
        queue.put(event, mayWait);
      }
    }

    private synchronized boolean keep(Event event) {
      if (!queues.isEmpty() || closed.get()) {
        return false;
      }
      unclaimed.add(event);
      return true;
    }

    synchronized void add(Delivery feed) {
      if (closed.get()) {
        throw new IllegalStateException("the bus is closed");
      }
      deliveries.add(feed);
      queues.add(feed.queue);
      feed.start();
    }

    synchronized Subscription addWorker(String group, int slots, Consumer<Event> worker) {
      if (closed.get()) {
        throw new IllegalStateException("the bus is closed");
      }
      var queue = groups.get(group);
      if (queue == null) {
        queue = new EventQueue(capacity);
        for (var event : unclaimed) {
          queue.put(event, false);
        }
        unclaimed.clear();
        groups.put(group, queue);
        queues.add(queue);
      }
      var delivery = new Delivery(topic, queue, slots, worker, false);
      deliveries.add(delivery);
      delivery.start();
      return delivery;
    }

    synchronized void forget(Delivery delivery) {
      deliveries.remove(delivery);
    }

    /** Ends all queues, so that nothing new is delivered, and says who may still be running. */
    synchronized List<Delivery> shut() {
      queues.forEach(EventQueue::end);
      queues.clear();
      unclaimed.clear();
      var running = List.copyOf(deliveries);
      deliveries.clear();
      return running;
    }
  }

  /** The threads that hand the events of a queue to one handler. */
  private final class Delivery implements Subscription {
    private final Topic topic;
    private final EventQueue queue;
    private final boolean ownsQueue;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    Delivery(Topic topic, EventQueue queue, int slots, Consumer<Event> handler, boolean ownsQueue) {
      this.topic = topic;
      this.queue = queue;
      this.ownsQueue = ownsQueue;
      for (var slot = 0; slot < slots; slot++) {
        threads.add(
            Thread.ofVirtual()
                .name("bus-" + topic.topicName() + "-" + slot)
                .unstarted(() -> ScopedValue.where(HANDLED_TOPIC, topic).run(() -> run(handler))));
      }
    }

    void start() {
      threads.forEach(Thread::start);
    }

    private void run(Consumer<Event> handler) {
      for (var event = queue.take(ended); event != null; event = queue.take(ended)) {
        try {
          handler.accept(event);
        } catch (Throwable failure) {
          report(event, failure);
        }
      }
    }

    private void report(Event event, Throwable failure) {
      try {
        handlerFailed.accept(event, failure);
      } catch (RuntimeException _) {
        // Whoever is told about failures failed itself: there is nobody left to tell.
      }
    }

    void interrupt() {
      ended.set(true);
      queue.wake();
      threads.forEach(Thread::interrupt);
    }

    void await() {
      var interrupted = false;
      for (var thread : threads) {
        while (thread != Thread.currentThread() && thread.isAlive()) {
          try {
            thread.join();
          } catch (InterruptedException _) {
            interrupted = true;
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      ended.set(true);
      if (ownsQueue) {
        channel(topic).queues.remove(queue);
        queue.end();
      } else {
        queue.wake();
      }
      await();
      channel(topic).forget(this);
    }
  }
}
