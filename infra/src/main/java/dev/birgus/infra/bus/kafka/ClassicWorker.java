package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Job;
import dev.birgus.infra.bus.Redelivery;
import dev.birgus.infra.contracts.FailureException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * A worker on a cluster without share groups. A job is its worker's as long as the partition it
 * came from is; that stands still until the job is done, while the thread goes on to poll, which is
 * the worker's sign of life.
 */
final class ClassicWorker implements EventBus.Subscription {

  /** How often a job was given back, in a header. */
  private static final String DELIVERY = "birgus_delivery";

  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration COMMIT = Duration.ofSeconds(5);

  private final Supplier<KafkaConsumer<String, byte[]>> consumers;
  private final Lane lane;
  private final Handling handling;
  private final java.util.function.Consumer<Job> worker;
  private final Thread thread;
  private final Map<TopicPartition, Running> running = new HashMap<>();

  /** Jobs that are another's, and whose worker has not returned yet. */
  private final List<LeasedJob> ending = new ArrayList<>();

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean interrupted;

  /**
   * What jobs are taken from.
   *
   * @param slots how many at once
   * @param again sends a job once more, with the number of the delivery it is
   */
  record Lane(String topic, int slots, BiConsumer<ConsumerRecord<String, byte[]>, Integer> again) {}

  private record Running(LeasedJob job, ConsumerRecord<String, byte[]> record) {}

  ClassicWorker(
      Supplier<KafkaConsumer<String, byte[]>> consumers,
      Lane lane,
      Handling handling,
      java.util.function.Consumer<Job> worker) {
    this.consumers = consumers;
    this.lane = lane;
    this.handling = handling;
    this.worker = worker;
    this.thread = Thread.ofPlatform().daemon().name("bus-" + lane.topic()).unstarted(this::run);
    thread.start();
  }

  /** The same job once more, as this delivery, for any worker. */
  static ProducerRecord<String, byte[]> again(
      ConsumerRecord<String, byte[]> received, int delivery) {
    var sent = new ProducerRecord<>(received.topic(), received.key(), received.value());
    received.headers().forEach(sent.headers()::add);
    sent.headers().remove(DELIVERY);
    sent.headers().add(DELIVERY, String.valueOf(delivery).getBytes(StandardCharsets.UTF_8));
    return sent;
  }

  private void run() {
    var denials = handling.denials();
    while (!isEnded()) {
      try (var consumer = consumers.get()) {
        consumer.subscribe(List.of(lane.topic()), new Membership());
        takeJobs(consumer);
      } catch (KafkaException | FailureException | IllegalStateException failed) {
        if (denials.areOver(failed)) {
          handling.stopped(thread.getName(), failed);
          return;
        }
        handling.interrupted(thread.getName(), failed);
        await(denials.pause(failed, PAUSE));
      } catch (RuntimeException | Error bug) {
        handling.stopped(thread.getName(), bug);
        return;
      } finally {
        lose(List.copyOf(running.keySet()));
      }
    }
    while (!ending.isEmpty()) {
      ending.removeIf(each -> isDone(each, POLL));
    }
  }

  /** Whether the worker of a job that is another's has returned. */
  private static boolean isDone(LeasedJob job, Duration patience) {
    return switch (job.next(patience).orElse(null)) {
      case LeasedJob.Done _ -> true;
      case LeasedJob.Ask(var answer) -> {
        answer.complete(false);
        yield false;
      }
      case LeasedJob.GiveBack _ -> false;
      case null -> false;
    };
  }

  /** Until it is to end, and the jobs that run have ended. */
  private void takeJobs(KafkaConsumer<String, byte[]> consumer) {
    var places = new Places(handling);
    while (!isEnded() || !running.isEmpty()) {
      if (interrupted) {
        running.values().forEach(each -> each.job().interrupt());
      }
      answer(consumer);
      ending.removeIf(each -> isDone(each, Duration.ZERO));
      var full = isEnded() || running.size() >= lane.slots();
      consumer.pause(full ? consumer.assignment() : running.keySet());
      if (!full) {
        consumer.resume(
            consumer.assignment().stream().filter(each -> !running.containsKey(each)).toList());
      }
      for (var received : places.poll(consumer, POLL)) {
        begin(consumer, received);
      }
    }
  }

  private void begin(
      KafkaConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> received) {
    var event = handling.job(received);
    if (event.isEmpty()) {
      commit(consumer, received, 1);
      return;
    }
    var job =
        new LeasedJob(
            event.get(),
            delivery(received),
            KafkaClients.SESSION,
            thread.getName() + "-job",
            each -> handling.handle(event.get(), _ -> worker.accept(each)),
            ended);
    handling.taken(lane.topic(), job.delivery());
    running.put(partition(received), new Running(job, received));
    job.start();
  }

  private static int delivery(ConsumerRecord<String, byte[]> received) {
    var header = received.headers().lastHeader(DELIVERY);
    return header == null
        ? 1
        : Integer.parseInt(new String(header.value(), StandardCharsets.UTF_8));
  }

  private static TopicPartition partition(ConsumerRecord<String, byte[]> received) {
    return new TopicPartition(received.topic(), received.partition());
  }

  private void answer(KafkaConsumer<String, byte[]> consumer) {
    for (var each : List.copyOf(running.values())) {
      each.job().next(Duration.ZERO).ifPresent(request -> answer(consumer, each, request));
    }
  }

  private void answer(
      KafkaConsumer<String, byte[]> consumer, Running each, LeasedJob.Request request) {
    switch (request) {
      case LeasedJob.Done(var returned) -> {
        running.remove(partition(each.record()));
        if (!interrupted) {
          if (!returned) {
            again(each);
          }
          commit(consumer, each.record(), 1);
        }
      }
      case LeasedJob.GiveBack _ -> {
        again(each);
        commit(consumer, each.record(), 1);
        running.remove(partition(each.record()));
        ending.add(each.job());
      }
      case LeasedJob.Ask(var answer) -> answer.complete(commit(consumer, each.record(), 0));
    }
  }

  private void again(Running each) {
    if (each.job().delivery() < Redelivery.MOST) {
      lane.again().accept(each.record(), each.job().delivery() + 1);
    } else {
      handling.givenUp(lane.topic(), each.job().event());
    }
  }

  /** Says how far its partition is; false if that is not this worker's any more. */
  private boolean commit(
      KafkaConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> received, int more) {
    var place = Map.of(partition(received), new OffsetAndMetadata(received.offset() + more));
    try {
      consumer.commitSync(place, COMMIT);
      return true;
    } catch (CommitFailedException | FencedInstanceIdException | RetriableException refused) {
      handling.interrupted(thread.getName(), refused);
      return false;
    }
  }

  private void lose(Collection<TopicPartition> partitions) {
    for (var each : partitions) {
      var lost = running.remove(each);
      if (lost != null) {
        handling.leaseLost(lane.topic(), lost.job().event());
        lost.job().lose();
        ending.add(lost.job());
      }
    }
  }

  private boolean isEnded() {
    return ended.getCount() == 0;
  }

  private void await(Duration pause) {
    try {
      var _ = ended.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      // Nobody interrupts it; and if: it goes on.
    }
  }

  /** Ends the jobs that run; another worker gets them. */
  void interrupt() {
    interrupted = true;
    ended.countDown();
  }

  @Override
  public void close() {
    ended.countDown();
    var again = false;
    while (thread.isAlive() && Thread.currentThread() != thread) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        again = true;
      }
    }
    if (again) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the jobs whose partitions go to others. */
  private final class Membership implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      // They are looked at before the next poll.
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      lose(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      lose(partitions);
    }
  }
}
