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
public interface EventBusContract extends ProcessorContract, WorkQueueContract {

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
  default void aFloodWaitsForAReaderThatStandsStill() throws Exception {
    try (var bus = newBus()) {
      // given
      var flood = flood();
      var stands = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      var all = new CountDownLatch(flood);
      var seen = new ConcurrentLinkedQueue<Integer>();
      bus.subscribe(
          Topic.EVENTS,
          "slow",
          event -> {
            stands.countDown();
            NumberedEvents.await(release);
            seen.add(NumberedEvents.number(event));
            all.countDown();
          });

      // when
      var writer =
          Thread.ofVirtual()
              .start(() -> {
                for (var i = 0; i < flood; i++) {
                  bus.publish(Topic.EVENTS, "b", NumberedEvents.event("b", i));
                }
              });
      NumberedEvents.await(stands);
      release.countDown();
      NumberedEvents.await(all);

      // then
      assertThat(List.copyOf(seen)).isSorted().doesNotHaveDuplicates().hasSize(flood);
      assertThat(writer.join(Duration.ofSeconds(30))).isTrue();
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
}
