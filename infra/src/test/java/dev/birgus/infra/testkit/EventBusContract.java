package dev.birgus.infra.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every event bus does. An implementation's test implements this and names its bus. */
@Timeout(60)
public interface EventBusContract extends ProcessorContract {

  /** The lane of the jobs. */
  String LANE = "default";

  /**
   * How many events make a flood: more than the bus holds for a handler, or many seconds' worth.
   */
  default int flood() {
    return 5000;
  }

  @Test
  default void eventsOfOneKeyArriveInTheOrderTheyWerePublished() throws Exception {
    try (var bus = newBus()) {
      // given
      var builds = 4;
      var each = 2000;
      var seen = new ConcurrentHashMap<String, List<Integer>>();
      var all = new CountDownLatch(builds * each);
      bus.subscribe(
          Topic.RESULTS,
          "reader",
          event -> {
            seen.computeIfAbsent(event.subject(), _ -> new ArrayList<>())
                .add(NumberedEvents.number(event));
            all.countDown();
          });

      // when
      var publishers = new ArrayList<Thread>();
      for (var b = 0; b < builds; b++) {
        var build = "b" + b;
        publishers.add(
            Thread.ofVirtual()
                .start(() -> {
                  for (var i = 0; i < each; i++) {
                    bus.publish(Topic.RESULTS, build, NumberedEvents.event(build, i));
                  }
                }));
      }
      NumberedEvents.await(all);

      // then
      assertThat(seen).hasSize(builds);
      assertThat(seen.values()).allSatisfy(numbers -> assertThat(numbers).isSorted().hasSize(each));
      for (var publisher : publishers) {
        assertThat(publisher.join(Duration.ofSeconds(30))).isTrue();
      }
    }
  }

  @Test
  default void everySubscriberGetsEveryEventOfItsTopicAndOfNoOther() {
    try (var bus = newBus()) {
      var first = new LinkedBlockingQueue<Event>();
      var second = new LinkedBlockingQueue<Event>();
      bus.subscribe(Topic.EVENTS, "one", first::add);
      bus.subscribe(Topic.EVENTS, "two", second::add);

      bus.publish(Topic.LOGS, "b", NumberedEvents.event("b", 1));
      bus.publish(Topic.EVENTS, "b", NumberedEvents.event("b", 2));

      assertThat(NumberedEvents.number(NumberedEvents.next(first))).isEqualTo(2);
      assertThat(NumberedEvents.number(NumberedEvents.next(second))).isEqualTo(2);
    }
  }

  /** Whether events are kept for those who come later. */
  default boolean keepsEvents() {
    return false;
  }

  @Test
  default void whoReplaysIsToldWhenWhatThereWasHasBeenHandled() {
    try (var bus = newBus()) {
      // given events of transactions and of none
      var told = new LinkedBlockingQueue<Event>();
      bus.follow(Topic.EVENTS, "told", told::add);
      bus.process(ProcessorContract.counting("before"));
      bus.publish(Topic.BUILDS, "b", NumberedEvents.event("b", 7));
      NumberedEvents.next(told);
      bus.publish(Topic.EVENTS, "c", NumberedEvents.event("c", 8));
      NumberedEvents.next(told);

      // when
      var seen = new ConcurrentLinkedQueue<Integer>();
      var replay =
          bus.replay(Topic.EVENTS, "late", event -> seen.add(NumberedEvents.number(event)));
      NumberedEvents.await(replay.caughtUp());

      // then
      assertThat(List.copyOf(seen))
          .containsExactlyInAnyOrderElementsOf(keepsEvents() ? List.of(1, 8) : List.of());
      var again = bus.replay(Topic.LINES, "empty", _ -> {});
      NumberedEvents.await(again.caughtUp());
    }
  }

  @Test
  default void whoReplaysGetsWhatComesAfterwards() {
    try (var bus = newBus()) {
      var seen = new LinkedBlockingQueue<Event>();
      var replay = bus.replay(Topic.EVENTS, "late", seen::add);
      NumberedEvents.await(replay.caughtUp());

      bus.publish(Topic.EVENTS, "b", NumberedEvents.event("b", 1));

      assertThat(NumberedEvents.number(NumberedEvents.next(seen))).isEqualTo(1);
    }
  }

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
  default void aHandlerThatThrowsIsReportedAndGetsTheNextEvent() {
    try (var bus = newBus()) {
      var seen = new LinkedBlockingQueue<Event>();
      bus.subscribe(
          Topic.EVENTS,
          "fragile",
          event -> {
            seen.add(event);
            if (NumberedEvents.number(event) == 1) {
              throw new IllegalStateException("on purpose");
            }
          });

      bus.publish(Topic.EVENTS, "b", NumberedEvents.event("b", 1));
      bus.publish(Topic.EVENTS, "b", NumberedEvents.event("b", 2));

      assertThat(NumberedEvents.number(NumberedEvents.next(seen))).isEqualTo(1);
      assertThat(NumberedEvents.number(NumberedEvents.next(seen))).isEqualTo(2);
      assertThat(reportedFailures()).isEqualTo(1);
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
  default void twoHandlersThatFloodEachOtherDoNotLockUp() {
    try (var bus = newBus()) {
      // given
      var rounds = flood();
      var all = new CountDownLatch(2 * rounds);
      bus.subscribe(
          Topic.RESULTS,
          "planner",
          event -> {
            all.countDown();
            if (NumberedEvents.number(event) == 0) {
              for (var i = 1; i < rounds; i++) {
                bus.publish(Topic.BUILDS, "b", NumberedEvents.event("b", i));
              }
            }
          });
      bus.subscribe(
          Topic.BUILDS,
          "node",
          event -> {
            all.countDown();
            if (NumberedEvents.number(event) == 0) {
              for (var i = 1; i < rounds; i++) {
                bus.publish(Topic.RESULTS, "b", NumberedEvents.event("b", i));
              }
            }
          });

      // when
      bus.publish(Topic.RESULTS, "b", NumberedEvents.event("b", 0));
      bus.publish(Topic.BUILDS, "b", NumberedEvents.event("b", 0));

      // then
      NumberedEvents.await(all);
    }
  }

  @Test
  default void aClosedSubscriptionHasNoHandlerRunningAndGetsNothingMore() {
    try (var bus = newBus()) {
      // given
      var entered = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      var left = new AtomicInteger();
      var subscription =
          bus.subscribe(
              Topic.EVENTS,
              "reader",
              _ -> {
                entered.countDown();
                NumberedEvents.await(release);
                left.incrementAndGet();
              });
      bus.publish(Topic.EVENTS, "b", NumberedEvents.event("b", 1));
      NumberedEvents.await(entered);

      // when
      Thread.ofVirtual().start(release::countDown);
      subscription.close();

      // then
      assertThat(left).hasValue(1);
      bus.publish(Topic.EVENTS, "b", NumberedEvents.event("b", 2));
      assertThat(left).hasValue(1);
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
