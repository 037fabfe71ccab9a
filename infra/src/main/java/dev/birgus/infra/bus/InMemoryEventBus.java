package dev.birgus.infra.bus;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
 * <p>Jobs published before there is a worker of their lane are kept for the first group that comes,
 * and what processors read for the first that reads it. Events published on a closed bus go
 * nowhere.
 */
public final class InMemoryEventBus implements EventBus {

  /** Events a queue holds before publishers wait for it. */
  public static final int DEFAULT_CAPACITY = 1024;

  private static final ScopedValue<Topic> HANDLED_TOPIC = ScopedValue.newInstance();

  private final BiConsumer<Optional<Event>, Throwable> handlerFailed;
  private final int capacity;
  private final Map<Topic, Channel> channels = new EnumMap<>(Topic.class);
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * A bus.
   *
   * @param handlerFailed told of a handler that threw, and the event it threw at, if it was at one;
   *     called on the handler's thread
   */
  public InMemoryEventBus(BiConsumer<Optional<Event>, Throwable> handlerFailed) {
    this(handlerFailed, DEFAULT_CAPACITY);
  }

  /**
   * A bus with queues of this length.
   *
   * @param capacity events a queue holds before publishers wait, at least 1
   */
  public InMemoryEventBus(BiConsumer<Optional<Event>, Throwable> handlerFailed, int capacity) {
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
                event.map(Event::subject).orElse(""),
                LogKeys.EVENT,
                event.map(each -> each.getClass().getSimpleName()).orElse("tick"),
                LogKeys.ERROR,
                failure.toString())));
  }

  @Override
  public void publish(Topic topic, String key, Event event) {
    requireNonNull(key, "key");
    requireNonNull(event, "event");
    channel(topic).publish(Received.first(topic, key, event), mayWaitFor(topic));
  }

  @Override
  public Subscription subscribe(Topic topic, String group, Consumer<Event> handler) {
    requireNonNull(group, "group");
    requireNonNull(handler, "handler");
    var queue = new EventQueue<Received>(capacity);
    var feed = new Delivery(queue, () -> leave(topic, queue));
    feed.add(topic, 0, () -> deliver(feed, received -> handler.accept(received.event())));
    channel(topic).add(feed);
    return feed;
  }

  @Override
  public <S> Subscription process(Processing<S> processing) {
    var queue = new EventQueue<Received>(capacity);
    var process =
        new MemoryProcess<S>(
            processing.processors().get(),
            queue,
            each -> publish(each.topic(), each.key(), each.event()),
            this::report);
    var first = processing.topics().iterator().next();
    var delivery =
        new Delivery(queue, () -> processing.topics().forEach(topic -> leave(topic, queue)));
    delivery.add(first, 0, () -> process.run(delivery.ended::get));
    for (var topic : processing.topics()) {
      channel(topic).join(queue);
    }
    channel(first).begin(delivery);
    return delivery;
  }

  private void leave(Topic topic, EventQueue<Received> queue) {
    channel(topic).queues.remove(queue);
    queue.end();
  }

  @Override
  public Subscription work(
      Topic queue, String lane, String group, int slots, Consumer<Job> worker) {
    requireNonNull(group, "group");
    requireNonNull(worker, "worker");
    if (slots < 1) {
      throw new IllegalArgumentException("a worker needs a slot: " + slots);
    }
    if (!queue.isWorkQueue()) {
      throw new IllegalArgumentException("not a work queue: " + queue);
    }
    var jobs = channel(queue).lane(lane, group);
    var delivery = new Delivery(jobs, jobs::wake);
    for (var slot = 0; slot < slots; slot++) {
      delivery.add(
          queue,
          slot,
          () -> deliver(delivery, job -> run(new MemoryJob(job, jobs), worker, delivery)));
    }
    channel(queue).begin(delivery);
    return delivery;
  }

  private void run(MemoryJob job, Consumer<Job> worker, Delivery delivery) {
    try {
      worker.accept(job);
    } catch (Throwable failure) {
      report(Optional.of(job.event()), failure);
      if (job.delivery() < Redelivery.MOST && !job.givenBack().get()) {
        delivery.pause(Redelivery.pause(job.delivery()));
        job.giveBack();
      }
    }
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

  private static boolean keepsUnclaimed(Topic topic) {
    return switch (topic) {
      case STAGES, LINES -> true;
      case WORK, PUSHES, BUILDS, RESULTS, CONTROL, EVENTS, LOGS -> false;
    };
  }

  private static boolean mayWaitFor(Topic target) {
    return !HANDLED_TOPIC.isBound() || (!HANDLED_TOPIC.get().isFeed() && target.isFeed());
  }

  private void deliver(Delivery delivery, Consumer<Received> handler) {
    var queue = delivery.queue;
    for (var next = queue.take(delivery.ended); next != null; next = queue.take(delivery.ended)) {
      try {
        handler.accept(next);
      } catch (Throwable failure) {
        report(Optional.of(next.event()), failure);
      }
    }
  }

  private void report(Optional<Event> event, Throwable failure) {
    try {
      handlerFailed.accept(event, failure);
    } catch (RuntimeException _) {
      // Whoever is told about failures failed itself: there is nobody left to tell.
    }
  }

  /** A job in the queue of its group. */
  private record MemoryJob(Received received, EventQueue<Received> jobs, AtomicBoolean givenBack)
      implements Job {
    MemoryJob(Received received, EventQueue<Received> jobs) {
      this(received, jobs, new AtomicBoolean());
    }

    @Override
    public Event event() {
      return received.event();
    }

    @Override
    public int delivery() {
      return received.delivery();
    }

    @Override
    public boolean stillMine() {
      return true;
    }

    @Override
    public void giveBack() {
      if (givenBack.compareAndSet(false, true)) {
        jobs.put(received.again(), false);
      }
    }
  }

  /** Everything that listens on one topic. */
  private final class Channel {
    private final Topic topic;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final Map<String, Lane> lanes = new HashMap<>();
    private final List<Received> unclaimed = new ArrayList<>();
    private final CopyOnWriteArrayList<EventQueue<Received>> queues = new CopyOnWriteArrayList<>();

    Channel(Topic topic) {
      this.topic = topic;
    }

    void publish(Received event, boolean mayWait) {
      if (topic.isWorkQueue()) {
        enqueue(event);
        return;
      }
      if (keepsUnclaimed(topic) && keep(event)) {
        return;
      }
      for (var queue : queues) {
        queue.put(event, mayWait);
      }
    }

    private synchronized void enqueue(Received job) {
      if (!closed.get()) {
        lanes.computeIfAbsent(job.key(), _ -> new Lane()).put(job);
      }
    }

    private synchronized boolean keep(Received event) {
      if (!queues.isEmpty() || closed.get()) {
        return false;
      }
      unclaimed.add(event);
      return true;
    }

    synchronized void add(Delivery feed) {
      begin(feed);
      queues.add(feed.queue);
    }

    /** Has a processor's queue get what was kept, and what comes. */
    synchronized void join(EventQueue<Received> queue) {
      unclaimed.forEach(event -> queue.put(event, false));
      unclaimed.clear();
      queues.add(queue);
    }

    /** The jobs of a group. */
    synchronized EventQueue<Received> lane(String lane, String group) {
      return lanes.computeIfAbsent(lane, _ -> new Lane()).of(group);
    }

    synchronized void begin(Delivery delivery) {
      if (closed.get()) {
        throw new IllegalStateException("the bus is closed");
      }
      deliveries.add(delivery);
      delivery.start(this);
    }

    synchronized void forget(Delivery delivery) {
      deliveries.remove(delivery);
    }

    /** Ends all queues, so that nothing new is delivered, and says who may still be running. */
    synchronized List<Delivery> shut() {
      queues.forEach(EventQueue::end);
      queues.clear();
      lanes.values().forEach(Lane::end);
      lanes.clear();
      unclaimed.clear();
      var running = List.copyOf(deliveries);
      deliveries.clear();
      return running;
    }
  }

  /** The jobs of one lane, for each group of workers; or, before there is one, for the first. */
  private final class Lane {
    private final Map<String, EventQueue<Received>> groups = new HashMap<>();
    private final List<Received> unclaimed = new ArrayList<>();

    void put(Received job) {
      if (groups.isEmpty()) {
        unclaimed.add(job);
      }
      groups.values().forEach(jobs -> jobs.put(job, false));
    }

    EventQueue<Received> of(String group) {
      return groups.computeIfAbsent(
          group,
          _ -> {
            var jobs = new EventQueue<Received>(capacity);
            unclaimed.forEach(job -> jobs.put(job, false));
            unclaimed.clear();
            return jobs;
          });
    }

    void end() {
      groups.values().forEach(EventQueue::end);
    }
  }

  /** The threads that take what is in a queue. */
  private static final class Delivery implements Subscription {
    private final EventQueue<Received> queue;
    private final Runnable leave;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CountDownLatch ending = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private Optional<Channel> channel = Optional.empty();

    Delivery(EventQueue<Received> queue, Runnable leave) {
      this.queue = queue;
      this.leave = leave;
    }

    void add(Topic topic, int number, Runnable work) {
      threads.add(
          Thread.ofVirtual()
              .name("bus-" + topic.topicName() + "-" + number)
              .unstarted(() -> ScopedValue.where(HANDLED_TOPIC, topic).run(work)));
    }

    void start(Channel listensOn) {
      channel = Optional.of(listensOn);
      threads.forEach(Thread::start);
    }

    /** Waits so long, or until it ends. */
    void pause(Duration time) {
      // What interrupted the handler is over with it.
      var _ = Thread.interrupted();
      try {
        var _ = ending.await(time.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException _) {
        // That is how it is told to end.
      }
    }

    void interrupt() {
      end();
      queue.wake();
      threads.forEach(Thread::interrupt);
    }

    private void end() {
      ended.set(true);
      ending.countDown();
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
      end();
      leave.run();
      await();
      channel.ifPresent(listened -> listened.forget(this));
    }
  }
}
