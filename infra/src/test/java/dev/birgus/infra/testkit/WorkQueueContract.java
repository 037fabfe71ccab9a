package dev.birgus.infra.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What workers can rely on whatever bus their queue is on. */
public interface WorkQueueContract {

  /** The lane of the jobs. */
  String LANE = "default";

  /** A new bus, and nobody listening. The kit closes it. */
  EventBus newBus();

  /** How often the bus has reported a handler that threw, since {@link #newBus}. */
  int reportedFailures();

  @Test
  default void eachJobGoesToExactlyOneWorkerOfAGroup() {
    try (var bus = newBus()) {
      // given
      var jobs = 500;
      var done = new ConcurrentLinkedQueue<Integer>();
      var all = new CountDownLatch(jobs);
      for (var worker = 0; worker < 3; worker++) {
        bus.work(
            Topic.WORK,
            LANE,
            "executors",
            2,
            job -> {
              done.add(NumberedEvents.number(job.event()));
              all.countDown();
            });
      }

      // when
      for (var i = 0; i < jobs; i++) {
        bus.publish(Topic.WORK, LANE, NumberedEvents.event("b", i));
      }
      NumberedEvents.await(all);

      // then
      assertThat(done).doesNotHaveDuplicates().hasSize(jobs);
    }
  }

  @Test
  default void aWorkerRunsAsManyJobsAtOnceAsItHasSlotsAndNoMore() {
    try (var bus = newBus()) {
      // given
      var running = new AtomicInteger();
      var most = new AtomicInteger();
      var bothRun = new CountDownLatch(2);
      var all = new CountDownLatch(10);
      bus.work(
          Topic.WORK,
          LANE,
          "executors",
          2,
          _ -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            bothRun.countDown();
            NumberedEvents.await(bothRun);
            running.decrementAndGet();
            all.countDown();
          });

      // when
      for (var i = 0; i < 10; i++) {
        bus.publish(Topic.WORK, LANE, NumberedEvents.event("b", i));
      }
      NumberedEvents.await(all);

      // then
      assertThat(most).hasValue(2);
    }
  }

  @Test
  default void aJobPublishedBeforeThereIsAWorkerWaitsForOne() {
    try (var bus = newBus()) {
      var done = new LinkedBlockingQueue<Event>();
      bus.publish(Topic.WORK, LANE, NumberedEvents.event("b", 7));

      bus.work(Topic.WORK, LANE, "executors", 1, job -> done.add(job.event()));

      assertThat(NumberedEvents.number(NumberedEvents.next(done))).isEqualTo(7);
    }
  }

  @Test
  default void aWorkerIsToldThatAJobIsItsOwn() {
    try (var bus = newBus()) {
      var mine = new LinkedBlockingQueue<Event>();
      bus.work(
          Topic.WORK,
          LANE,
          "executors",
          1,
          job -> {
            if (job.stillMine() && job.delivery() == 1) {
              mine.add(job.event());
            }
          });

      bus.publish(Topic.WORK, LANE, NumberedEvents.event("b", 1));
      bus.publish(Topic.WORK, LANE, NumberedEvents.event("b", 2));

      assertThat(NumberedEvents.number(NumberedEvents.next(mine))).isEqualTo(1);
      assertThat(NumberedEvents.number(NumberedEvents.next(mine))).isEqualTo(2);
    }
  }

  @Test
  default void aJobThatIsGivenBackComesAgain() {
    try (var bus = newBus()) {
      var deliveries = new LinkedBlockingQueue<String>();
      bus.work(
          Topic.WORK,
          LANE,
          "executors",
          2,
          job -> {
            deliveries.add(
                NumberedEvents.number(job.event()) + " for the " + job.delivery() + ". time");
            if (job.delivery() < 3) {
              job.giveBack();
            }
          });

      bus.publish(Topic.WORK, LANE, NumberedEvents.event("b", 1));

      assertThat(NumberedEvents.next(deliveries, "")).isEqualTo("1 for the 1. time");
      assertThat(NumberedEvents.next(deliveries, "")).isEqualTo("1 for the 2. time");
      assertThat(NumberedEvents.next(deliveries, "")).isEqualTo("1 for the 3. time");
    }
  }

  @Test
  default void aJobWhoseWorkerThrowsIsReportedAndComesAgain() {
    try (var bus = newBus()) {
      var deliveries = new LinkedBlockingQueue<String>();
      bus.work(
          Topic.WORK,
          LANE,
          "executors",
          2,
          job -> {
            deliveries.add(
                NumberedEvents.number(job.event()) + " for the " + job.delivery() + ". time");
            if (job.delivery() < 3) {
              throw new IllegalStateException("what came of it could not be said");
            }
          });

      bus.publish(Topic.WORK, LANE, NumberedEvents.event("b", 1));

      assertThat(NumberedEvents.next(deliveries, "")).isEqualTo("1 for the 1. time");
      assertThat(NumberedEvents.next(deliveries, "")).isEqualTo("1 for the 2. time");
      assertThat(NumberedEvents.next(deliveries, "")).isEqualTo("1 for the 3. time");
      assertThat(reportedFailures()).isEqualTo(2);
    }
  }

  @Test
  default void aWorkerThatThrewIsClosedWithoutWaitingForItsJobToComeAgain() {
    try (var bus = newBus()) {
      // given: what has been taken so often comes again after a minute
      var thrown = new CountDownLatch(1);
      var worker =
          bus.work(
              Topic.WORK,
              LANE,
              "executors",
              1,
              job -> {
                if (job.delivery() < 8) {
                  job.giveBack();
                } else {
                  thrown.countDown();
                  throw new IllegalStateException("what came of it could not be said");
                }
              });
      bus.publish(Topic.WORK, LANE, NumberedEvents.event("b", 1));
      NumberedEvents.await(thrown);

      // when
      worker.close();

      // then
      var again = new LinkedBlockingQueue<String>();
      bus.work(
          Topic.WORK,
          LANE,
          "executors",
          1,
          job -> again.add("for the " + job.delivery() + ". time"));
      assertThat(NumberedEvents.next(again, "")).isEqualTo("for the 9. time");
    }
  }

  @Test
  default void jobsAClosedWorkerDidNotTakeGoToAnother() {
    try (var bus = newBus()) {
      // given
      var entered = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      var first =
          bus.work(
              Topic.WORK,
              LANE,
              "executors",
              1,
              _ -> {
                entered.countDown();
                NumberedEvents.await(release);
              });
      bus.publish(Topic.WORK, LANE, NumberedEvents.event("b", 1));
      bus.publish(Topic.WORK, LANE, NumberedEvents.event("b", 2));
      NumberedEvents.await(entered);

      // when
      Thread.ofVirtual().start(release::countDown);
      first.close();
      var done = new LinkedBlockingQueue<Event>();
      bus.work(Topic.WORK, LANE, "executors", 1, job -> done.add(job.event()));

      // then: the closed one may have taken the second job before it was told to end
      bus.publish(Topic.WORK, LANE, NumberedEvents.event("b", 3));
      assertThat(NumberedEvents.number(NumberedEvents.next(done))).isIn(2, 3);
    }
  }

  @Test
  default void closingTheBusInterruptsRunningHandlersAndWaitsForThem() {
    var entered = new CountDownLatch(1);
    var interrupted = new AtomicInteger();
    var bus = newBus();
    bus.work(
        Topic.WORK,
        LANE,
        "executors",
        1,
        _ -> {
          entered.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException _) {
            interrupted.incrementAndGet();
          }
        });
    bus.publish(Topic.WORK, LANE, NumberedEvents.event("b", 1));
    NumberedEvents.await(entered);

    bus.close();

    assertThat(interrupted).hasValue(1);
  }
}
