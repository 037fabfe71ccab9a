package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.bus.Job;
import dev.birgus.infra.bus.Redelivery;
import dev.birgus.infra.contracts.Event;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * A job that runs on a thread of its own. What it asks of its lease is answered by the thread that
 * has the client, which looks for its requests.
 */
final class LeasedJob implements Job {

  private final Event event;
  private final int delivery;
  private final Duration patience;
  private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean over;

  /** What a job wants of the thread that has the client. */
  sealed interface Request {}

  /**
   * Nothing more: its worker has ended.
   *
   * @param returned whether it is done with the job; else it has thrown, and the pause is over
   *     after which the job is to come again
   */
  record Done(boolean returned) implements Request {}

  /** To be another worker's. */
  record GiveBack() implements Request {}

  /** To know whether it is still this worker's. */
  record Ask(CompletableFuture<Boolean> answer) implements Request {}

  /**
   * A job that has not begun.
   *
   * @param patience how long an answer is waited for, before it is taken for a no
   * @param work false if its worker threw
   * @param closing counted down when its worker is closed, so that nothing is waited for any more
   */
  LeasedJob(
      Event event,
      int delivery,
      Duration patience,
      String name,
      Predicate<Job> work,
      CountDownLatch closing) {
    this.event = event;
    this.delivery = delivery;
    this.patience = patience;
    this.thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(() -> {
              var returned = false;
              try {
                returned = work.test(this);
                if (!returned && !over) {
                  pause(closing);
                }
              } finally {
                requests.add(new Done(returned));
              }
            });
  }

  /** Meanwhile the lease is renewed: nobody else has the job. */
  private void pause(CountDownLatch closing) {
    // What interrupted the worker is over with it.
    var _ = Thread.interrupted();
    try {
      var _ = closing.await(Redelivery.pause(delivery).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      // The lease was lost, or the bus is being closed.
    }
  }

  void start() {
    thread.start();
  }

  /** What it wants next; empty if nothing for this long. */
  Optional<Request> next(Duration limit) {
    try {
      return Optional.ofNullable(requests.poll(limit.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException _) {
      return Optional.empty();
    }
  }

  /** It is another worker's, and is to end. */
  void lose() {
    over = true;
    thread.interrupt();
  }

  void interrupt() {
    thread.interrupt();
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
    if (over) {
      return false;
    }
    var ask = new Ask(new CompletableFuture<>());
    requests.add(ask);
    try {
      return ask.answer().get(patience.toNanos(), TimeUnit.NANOSECONDS) && !over;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException _) {
      return false;
    }
  }

  @Override
  public void giveBack() {
    over = true;
    requests.add(new GiveBack());
  }
}
