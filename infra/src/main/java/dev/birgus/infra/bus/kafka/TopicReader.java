package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.bus.Replay;
import dev.birgus.infra.contracts.Event;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads a topic on a thread of its own and gives each event to a handler, one at a time. What has
 * been handled is committed after each batch, so that after a death some events come twice and none
 * is lost.
 */
final class TopicReader implements Replay {

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration FIRST_ASSIGNMENT = Duration.ofSeconds(60);

  private final org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer;
  private final Handling handling;
  private final Consumer<Event> handler;
  private final boolean commits;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final Thread thread;
  private final Map<TopicPartition, OffsetAndMetadata> handled = new HashMap<>();

  /** Up to where partitions had events when it began, as far as it is not there yet. */
  private final Map<TopicPartition, Long> ahead = new HashMap<>();

  private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean ended;

  private TopicReader(
      org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer,
      Handling handling,
      Consumer<Event> handler,
      boolean commits,
      String name) {
    this.consumer = consumer;
    this.handling = handling;
    this.handler = handler;
    this.commits = commits;
    this.thread = Thread.ofPlatform().daemon().name("bus-" + name).unstarted(this::run);
  }

  /** A member of a group, that goes on where the group is. Returns when it is a member. */
  static TopicReader inGroup(
      org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer,
      String topic,
      Handling handling,
      Consumer<Event> handler) {
    var reader = new TopicReader(consumer, handling, handler, true, topic);
    consumer.subscribe(List.of(topic), reader.new Membership());
    return reader.started();
  }

  /**
   * A reader of every event from now on, in no group.
   *
   * @param ends of all partitions of the topic
   */
  static TopicReader fromNow(
      KafkaConsumer<String, byte[]> consumer,
      Map<TopicPartition, Long> ends,
      Handling handling,
      Consumer<Event> handler) {
    return ofAll(consumer, ends.keySet(), handling, handler, consumer::seekToEnd).started();
  }

  /**
   * A reader of every event there is and will be, in no group.
   *
   * @param ends of all partitions of the topic: what is before them there was when it began
   */
  static TopicReader fromOldest(
      KafkaConsumer<String, byte[]> consumer,
      Map<TopicPartition, Long> ends,
      Handling handling,
      Consumer<Event> handler) {
    var reader = ofAll(consumer, ends.keySet(), handling, handler, consumer::seekToBeginning);
    reader.ahead.putAll(ends);
    return reader.started();
  }

  private static TopicReader ofAll(
      KafkaConsumer<String, byte[]> consumer,
      Collection<TopicPartition> partitions,
      Handling handling,
      Consumer<Event> handler,
      Consumer<Collection<TopicPartition>> seek) {
    var topic = partitions.iterator().next().topic();
    try {
      consumer.assign(partitions);
      seek.accept(partitions);
      // Seeking is lazy; "from now on" is from before this method returns.
      partitions.forEach(consumer::position);
    } catch (KafkaException failed) {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
      throw KafkaFailures.of("the topic " + topic + " cannot be read", failed);
    }
    var reader = new TopicReader(consumer, handling, handler, false, topic);
    reader.ready.countDown();
    return reader;
  }

  private TopicReader started() {
    thread.start();
    try {
      if (!ready.await(FIRST_ASSIGNMENT.toSeconds(), TimeUnit.SECONDS)) {
        close();
        throw KafkaFailures.of("no partitions were assigned in " + FIRST_ASSIGNMENT, null);
      }
    } catch (InterruptedException cancelled) {
      close();
      Thread.currentThread().interrupt();
    }
    return this;
  }

  private void run() {
    var denials = handling.denials();
    try (consumer) {
      while (!ended) {
        try {
          lookAhead();
          handleNext();
        } catch (WakeupException | InterruptException told) {
          throw told;
        } catch (KafkaException failed) {
          bear(failed, denials);
        }
      }
    } catch (WakeupException | InterruptException _) {
      // That is how it is told to end.
    } catch (Throwable failed) {
      handling.stopped(thread.getName(), failed);
    } finally {
      ready.countDown();
      caughtUp.cancel(false);
    }
  }

  /**
   * Returns after a while, to go on where it is, if what failed passes: the brokers are away, or
   * something was denied that was not before. What was handled is committed with what comes next.
   */
  private void bear(KafkaException failed, Denials denials) {
    var passes = failed instanceof RetriableException || KafkaFailures.isDenied(failed);
    if (!passes || denials.areOver(failed)) {
      throw failed;
    }
    handling.interruptedReader(thread.getName(), failed);
    try {
      var _ = over.await(denials.pause(failed, PAUSE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException told) {
      // Who interrupts it has said before that it is to end.
      Thread.currentThread().interrupt();
    }
  }

  /** Says when all has been handled that there was when it began. */
  private void lookAhead() {
    if (caughtUp.isDone()) {
      return;
    }
    try {
      ahead.entrySet().removeIf(each -> consumer.position(each.getKey(), POLL) >= each.getValue());
    } catch (RetriableException _) {
      // The brokers are away: it is looked for after the next poll.
      return;
    }
    if (ahead.isEmpty()) {
      caughtUp.complete(null);
    }
  }

  private void handleNext() {
    for (var received : new Places(handling).poll(consumer, POLL)) {
      if (ended) {
        return;
      }
      // What interrupted the handler of the last event is no business of the next one.
      Thread.interrupted();
      handling.event(received).ifPresent(event -> handling.handle(event, handler));
      if (commits) {
        handled(received.topic(), received.partition(), received.offset());
      }
    }
    Thread.interrupted();
    commit();
  }

  private void handled(String topic, int partition, long offset) {
    handled.put(new TopicPartition(topic, partition), new OffsetAndMetadata(offset + 1));
  }

  private void commit() {
    if (!handled.isEmpty()) {
      try {
        consumer.commitSync(handled);
      } catch (CommitFailedException _) {
        // Another member has the partition now, and gets these events again.
      } catch (RetriableException _) {
        // The brokers are away: it is committed with what comes next, or comes again.
        return;
      }
      handled.clear();
    }
  }

  @Override
  public CompletableFuture<Void> caughtUp() {
    return caughtUp;
  }

  /** Ends a handler that runs. */
  void interrupt() {
    ended = true;
    over.countDown();
    thread.interrupt();
  }

  @Override
  public void close() {
    ended = true;
    over.countDown();
    if (Thread.currentThread() == thread) {
      return;
    }
    consumer.wakeup();
    var interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says when it has become a member, and commits before others go on with its partitions. */
  private final class Membership implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      ready.countDown();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      commit();
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      handled.clear();
    }
  }
}
