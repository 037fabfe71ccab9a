package dev.birgus.infra.bus.kafka;

import static org.apache.kafka.clients.consumer.AcknowledgeType.ACCEPT;
import static org.apache.kafka.clients.consumer.AcknowledgeType.REJECT;
import static org.apache.kafka.clients.consumer.AcknowledgeType.RELEASE;
import static org.apache.kafka.clients.consumer.AcknowledgeType.RENEW;

import dev.birgus.infra.bus.Job;
import dev.birgus.infra.contracts.FailureException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;

/**
 * One slot of a worker. Its thread takes a job, lets it run on another thread, and renews the lease
 * of the job until it is done. A job whose lease is lost is interrupted: another worker has it.
 *
 * <p>After a renewal the record has to come out of {@code poll} once more before it can be
 * acknowledged again; until then no other job comes.
 */
final class ShareSlot {

  /**
   * A poll that is given nothing but the end of a transaction, which is a record too, does not ask
   * brokers again, so that what comes next waits until it returns. Each short one costs some 40
   * microseconds.
   */
  private static final Duration POLL = Duration.ofMillis(20);

  /** The same while the next job may be behind the end of the transaction of the last one. */
  private static final Duration POLL_AFTER_JOB = Duration.ofMillis(5);

  private static final int POLLS_AFTER_JOB = 4;
  private static final Duration RETURN = Duration.ofMillis(20);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** A group is full until a member goes or brokers allow more. */
  private static final Duration FULL = Duration.ofSeconds(30);

  /** Renewals in a lease's time. One that brokers do not answer has until the lease ends. */
  private static final int RENEWALS = 3;

  private final Supplier<ShareConsumer<String, byte[]>> consumers;
  private final Queue queue;
  private final Handling handling;
  private final Consumer<Job> worker;
  private final Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean interrupted;
  private volatile Optional<LeasedJob> running = Optional.empty();

  /** What jobs are taken from, and for how long each is its worker's. */
  record Queue(String topic, Duration lease) {
    Duration interval() {
      return lease.dividedBy(RENEWALS);
    }

    /** What is left of a lease when it is time to renew it. */
    Duration left() {
      return lease.minus(interval());
    }
  }

  /** Whose a job is. */
  private enum Hold {
    MINE,
    LOST,
    GIVEN_BACK
  }

  ShareSlot(
      int number,
      Supplier<ShareConsumer<String, byte[]>> consumers,
      Queue queue,
      Handling handling,
      Consumer<Job> worker) {
    this.consumers = consumers;
    this.queue = queue;
    this.handling = handling;
    this.worker = worker;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("bus-" + queue.topic() + "-" + number)
            .unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    var denials = handling.denials();
    while (!isEnded()) {
      try (var consumer = consumers.get()) {
        consumer.subscribe(List.of(queue.topic()));
        takeJobs(consumer);
      } catch (GroupMaxSizeReachedException full) {
        handling.groupFull(thread.getName(), queue.topic(), full);
        await(FULL);
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
      }
    }
  }

  /** Returns when it is to end, or when a new client is better than one that has lost a job. */
  private void takeJobs(ShareConsumer<String, byte[]> consumer) {
    var hold = Hold.MINE;
    var polls = 0;
    while (!isEnded() && hold != Hold.LOST) {
      var polled = consumer.poll(polls > 0 ? POLL_AFTER_JOB : POLL);
      polls = polled.isEmpty() ? Math.max(polls - 1, 0) : POLLS_AFTER_JOB;
      for (var received : polled) {
        hold = isEnded() ? release(consumer, received) : attend(consumer, received);
      }
    }
  }

  private Hold release(
      ShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> received) {
    settle(consumer, received, RELEASE);
    return Hold.GIVEN_BACK;
  }

  /** Runs a job to its end: whose it is then. */
  private Hold attend(
      ShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> received) {
    var event = handling.job(received);
    if (event.isEmpty()) {
      settle(consumer, received, REJECT);
      return Hold.MINE;
    }
    var job =
        new LeasedJob(
            event.get(),
            received.deliveryCount().orElse((short) 1),
            queue.lease(),
            thread.getName() + "-job",
            each -> handling.handle(event.get(), _ -> worker.accept(each)),
            ended);
    handling.taken(queue.topic(), job.delivery());
    running = Optional.of(job);
    job.start();
    if (interrupted) {
      job.interrupt();
    }
    var hold = attend(consumer, received, job);
    running = Optional.empty();
    return hold;
  }

  /** Renews the lease, and does what the job asks for, until its worker has ended. */
  private Hold attend(
      ShareConsumer<String, byte[]> consumer,
      ConsumerRecord<String, byte[]> received,
      LeasedJob job) {
    var hold = Hold.MINE;
    var renewed = System.nanoTime();
    while (true) {
      var left = queue.interval().minusNanos(System.nanoTime() - renewed);
      var request = job.next(left.isNegative() ? Duration.ZERO : left);
      switch (request.orElse(null)) {
        case LeasedJob.Done(var returned) -> {
          if (hold == Hold.MINE) {
            settle(consumer, received, returned && !interrupted ? ACCEPT : RELEASE);
          }
          return hold;
        }
        case LeasedJob.GiveBack _ -> hold = hold == Hold.MINE ? release(consumer, received) : hold;
        case LeasedJob.Ask(var answer) -> {
          hold = hold == Hold.MINE ? renew(consumer, received, job) : hold;
          renewed = System.nanoTime();
          answer.complete(hold == Hold.MINE);
        }
        case null -> {
          hold = hold == Hold.MINE ? renew(consumer, received, job) : hold;
          renewed = System.nanoTime();
        }
      }
    }
  }

  private Hold renew(
      ShareConsumer<String, byte[]> consumer,
      ConsumerRecord<String, byte[]> received,
      LeasedJob job) {
    var until = System.nanoTime() + queue.left().toNanos();
    try {
      if (acknowledge(consumer, received, RENEW) && comesAgain(consumer, received, until)) {
        return Hold.MINE;
      }
    } catch (KafkaException | IllegalStateException refused) {
      handling.interrupted(thread.getName(), refused);
    }
    handling.leaseLost(queue.topic(), job.event());
    job.lose();
    return Hold.LOST;
  }

  private boolean comesAgain(
      ShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> received, long until) {
    while (System.nanoTime() < until) {
      for (var again : consumer.poll(RETURN)) {
        if (again.offset() == received.offset() && again.partition() == received.partition()) {
          return true;
        }
      }
    }
    return false;
  }

  private void settle(
      ShareConsumer<String, byte[]> consumer,
      ConsumerRecord<String, byte[]> received,
      AcknowledgeType how) {
    try {
      if (!acknowledge(consumer, received, how)) {
        handling.leaseLost(queue.topic());
      }
    } catch (KafkaException | IllegalStateException lost) {
      // The lease had ended: whoever has the job now acknowledges it.
      handling.leaseLost(queue.topic());
    }
  }

  private boolean acknowledge(
      ShareConsumer<String, byte[]> consumer,
      ConsumerRecord<String, byte[]> received,
      AcknowledgeType how) {
    consumer.acknowledge(received, how);
    return consumer.commitSync(queue.left()).values().stream().allMatch(Optional::isEmpty);
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

  /** Ends the job that runs; another worker gets it. */
  void interrupt() {
    interrupted = true;
    ended.countDown();
    running.ifPresent(LeasedJob::interrupt);
  }

  /** Takes no job after the one that runs. */
  void end() {
    ended.countDown();
  }

  void await() {
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
}
