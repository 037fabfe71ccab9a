package dev.birgus.infra.bus.kafka;

import static org.apache.kafka.clients.consumer.AcknowledgeType.ACCEPT;
import static org.apache.kafka.clients.consumer.AcknowledgeType.REJECT;
import static org.apache.kafka.clients.consumer.AcknowledgeType.RELEASE;
import static org.apache.kafka.clients.consumer.AcknowledgeType.RENEW;

import dev.birgus.infra.bus.Job;
import dev.birgus.infra.contracts.Event;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * One slot of a worker. Its thread takes a job, lets it run on another thread, and renews the lease
 * of the job until it is done. A job whose lease is lost is interrupted: another worker has it.
 *
 * <p>After a renewal the record has to come out of {@code poll} once more before it can be
 * acknowledged again; until then no other job comes.
 */
final class ShareSlot {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETURN = Duration.ofMillis(20);

  /** Renewals in a lease's time: two may be late before it is lost. */
  private static final int RENEWALS = 3;

  private final ShareConsumer<String, byte[]> consumer;
  private final Queue queue;
  private final Handling handling;
  private final Consumer<Job> worker;
  private final Thread thread;
  private volatile boolean ended;
  private volatile boolean interrupted;
  private volatile Optional<Thread> job = Optional.empty();

  /** What jobs are taken from, and for how long each is its worker's. */
  record Queue(String topic, Duration lease) {}

  /** The job of this slot. */
  private static final class TakenJob implements Job {
    private final Event event;
    private final int delivery;
    private volatile boolean lost;
    private volatile boolean givenBack;

    TakenJob(Event event, int delivery) {
      this.event = event;
      this.delivery = delivery;
    }

    @Override
    public Event event() {
      return event;
    }

    @Override
    public int delivery() {
      return delivery;
    }

    @Override
    public boolean stillMine() {
      return !lost;
    }

    @Override
    public void giveBack() {
      givenBack = true;
    }
  }

  ShareSlot(
      int number,
      ShareConsumer<String, byte[]> consumer,
      Queue queue,
      Handling handling,
      Consumer<Job> worker) {
    this.consumer = consumer;
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
    try (consumer) {
      consumer.subscribe(List.of(queue.topic()));
      while (!ended) {
        for (var received : consumer.poll(POLL)) {
          settle(received, ended ? RELEASE : attend(received));
        }
      }
    } catch (WakeupException _) {
      // It waited for a job when it was told to end.
    } catch (KafkaException failed) {
      handling.stopped(thread.getName(), failed);
    }
  }

  /** Runs a job to its end: what is to become of its record. */
  private AcknowledgeType attend(ConsumerRecord<String, byte[]> received) {
    var event = handling.event(received);
    if (event.isEmpty()) {
      return REJECT;
    }
    var taken = new TakenJob(event.get(), received.deliveryCount().orElse((short) 1));
    var done = new CountDownLatch(1);
    var running =
        Thread.ofVirtual()
            .name(thread.getName() + "-job")
            .unstarted(() -> {
              try {
                handling.handle(event.get(), _ -> worker.accept(taken));
              } finally {
                done.countDown();
              }
            });
    job = Optional.of(running);
    running.start();
    if (interrupted) {
      running.interrupt();
    }
    var leased = waitFor(done, received, taken);
    job = Optional.empty();
    return interrupted || !leased || taken.givenBack ? RELEASE : ACCEPT;
  }

  /** Waits for the job's end and renews its lease meanwhile; false if that was lost. */
  private boolean waitFor(
      CountDownLatch done, ConsumerRecord<String, byte[]> received, TakenJob taken) {
    var leased = true;
    while (!isDone(done, queue.lease().dividedBy(RENEWALS))) {
      if (leased && !renew(received)) {
        leased = false;
        taken.lost = true;
        job.ifPresent(Thread::interrupt);
      }
    }
    return leased;
  }

  private static boolean isDone(CountDownLatch done, Duration limit) {
    try {
      return done.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      return false;
    }
  }

  private boolean renew(ConsumerRecord<String, byte[]> received) {
    try {
      if (!acknowledge(received, RENEW)) {
        return false;
      }
      while (true) {
        for (var again : consumer.poll(RETURN)) {
          if (again.offset() == received.offset() && again.partition() == received.partition()) {
            return true;
          }
        }
      }
    } catch (WakeupException told) {
      // It may end now, but what it has taken it brings to its end.
      return renew(received);
    } catch (KafkaException | IllegalStateException lost) {
      return false;
    }
  }

  private void settle(ConsumerRecord<String, byte[]> received, AcknowledgeType how) {
    try {
      acknowledge(received, how);
    } catch (WakeupException told) {
      settle(received, how);
    } catch (KafkaException | IllegalStateException lost) {
      // The lease had ended: whoever has the job now acknowledges it.
    }
  }

  private boolean acknowledge(ConsumerRecord<String, byte[]> received, AcknowledgeType how) {
    consumer.acknowledge(received, how);
    return consumer.commitSync().values().stream().allMatch(Optional::isEmpty);
  }

  void interrupt() {
    interrupted = true;
    job.ifPresent(Thread::interrupt);
  }

  void end() {
    ended = true;
    if (job.isEmpty()) {
      consumer.wakeup();
    }
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
