package dev.birgus.infra.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.bus.Processor;
import dev.birgus.infra.bus.Transaction;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every event bus does. An implementation's test implements this and names its bus. */
@Timeout(60)
public interface EventBusContract {

  /** The lane of the jobs. */
  String LANE = "default";

  /** A new bus, and nobody listening. The kit closes it. */
  EventBus newBus();

  /** How often the bus has reported a handler that threw, since {@link #newBus}. */
  int reportedFailures();

  /**
   * How many events make a flood: more than the bus holds for a handler, or many seconds' worth.
   */
  default int flood() {
    return 5000;
  }

  private static Event event(String build, int number) {
    return new BuildCancelRequested(new BuildId(build), Integer.toString(number));
  }

  private static int number(Event event) {
    return Integer.parseInt(((BuildCancelRequested) event).reason());
  }

  private static Event next(LinkedBlockingQueue<Event> queue) {
    try {
      var event = queue.poll(30, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("no event came");
      }
      return event;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
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
            seen.computeIfAbsent(event.subject(), _ -> new ArrayList<>()).add(number(event));
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
                    bus.publish(Topic.RESULTS, build, event(build, i));
                  }
                }));
      }
      await(all);

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

      bus.publish(Topic.LOGS, "b", event("b", 1));
      bus.publish(Topic.EVENTS, "b", event("b", 2));

      assertThat(number(next(first))).isEqualTo(2);
      assertThat(number(next(second))).isEqualTo(2);
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
              done.add(number(job.event()));
              all.countDown();
            });
      }

      // when
      for (var i = 0; i < jobs; i++) {
        bus.publish(Topic.WORK, LANE, event("b", i));
      }
      await(all);

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
            await(bothRun);
            running.decrementAndGet();
            all.countDown();
          });

      // when
      for (var i = 0; i < 10; i++) {
        bus.publish(Topic.WORK, LANE, event("b", i));
      }
      await(all);

      // then
      assertThat(most).hasValue(2);
    }
  }

  @Test
  default void aJobPublishedBeforeThereIsAWorkerWaitsForOne() {
    try (var bus = newBus()) {
      var done = new LinkedBlockingQueue<Event>();
      bus.publish(Topic.WORK, LANE, event("b", 7));

      bus.work(Topic.WORK, LANE, "executors", 1, job -> done.add(job.event()));

      assertThat(number(next(done))).isEqualTo(7);
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
            if (number(event) == 1) {
              throw new IllegalStateException("on purpose");
            }
          });

      bus.publish(Topic.EVENTS, "b", event("b", 1));
      bus.publish(Topic.EVENTS, "b", event("b", 2));

      assertThat(number(next(seen))).isEqualTo(1);
      assertThat(number(next(seen))).isEqualTo(2);
      assertThat(reportedFailures()).isEqualTo(1);
    }
  }

  /** What a counter has seen. */
  record Count(List<Integer> numbers) {
    public Count {
      numbers = List.copyOf(numbers);
    }
  }

  /** Keeps the numbers of each build, and publishes how many there are. */
  final class Counter implements Processor<Count> {
    @Override
    public void taken(Transaction<Count> table) {}

    @Override
    public void handle(String key, Event event, Transaction<Count> transaction) {
      var numbers = new ArrayList<>(transaction.get(key).map(Count::numbers).orElse(List.of()));
      numbers.add(number(event));
      transaction.put(key, new Count(numbers));
      transaction.publish(Topic.EVENTS, key, event(key, numbers.size()));
      if (number(event) < 0) {
        throw new IllegalStateException("on purpose");
      }
    }

    @Override
    public void tick(Transaction<Count> transaction) {}

    @Override
    public void givenUp() {}
  }

  private static Processing<Count> counting(String name) {
    return new Processing<>(name, Set.of(Topic.BUILDS, Topic.RESULTS), Count.class, Counter::new);
  }

  @Test
  default void aProcessorRemembersWhatItPutAndPublishesWhatFollows() {
    try (var bus = newBus()) {
      var told = new LinkedBlockingQueue<Event>();
      bus.follow(Topic.EVENTS, "test", told::add);
      bus.process(counting("counts"));

      bus.publish(Topic.BUILDS, "b", event("b", 1));
      assertThat(number(next(told))).isEqualTo(1);
      bus.publish(Topic.RESULTS, "b", event("b", 2));
      assertThat(number(next(told))).isEqualTo(2);
      bus.publish(Topic.RESULTS, "c", event("c", 2));
      assertThat(number(next(told))).isEqualTo(1);
    }
  }

  @Test
  default void whatAProcessorDidBeforeItThrewIsUndone() {
    try (var bus = newBus()) {
      var told = new LinkedBlockingQueue<Event>();
      bus.follow(Topic.EVENTS, "test", told::add);
      bus.process(counting("failing"));

      bus.publish(Topic.BUILDS, "b", event("b", -1));
      bus.publish(Topic.BUILDS, "b", event("b", 7));

      assertThat(number(next(told))).isEqualTo(1);
      assertThat(reportedFailures()).isEqualTo(1);
    }
  }

  /** Says what it did, and what time has passed. */
  final class Effects implements Processor<Count> {
    private final LinkedBlockingQueue<String> done;

    Effects(LinkedBlockingQueue<String> done) {
      this.done = done;
    }

    @Override
    public void taken(Transaction<Count> table) {}

    @Override
    public void handle(String key, Event event, Transaction<Count> transaction) {
      transaction.put(key, new Count(List.of(number(event))));
      transaction.afterwards(() -> done.add("after " + number(event)));
      if (number(event) < 0) {
        throw new IllegalStateException("on purpose");
      }
      done.add("handled " + number(event));
    }

    @Override
    public void tick(Transaction<Count> transaction) {
      for (var key : List.copyOf(transaction.table().keySet())) {
        transaction.remove(key);
        transaction.publish(Topic.EVENTS, key, event(key, transaction.table().size()));
      }
    }

    @Override
    public void givenUp() {
      done.add("given up");
    }
  }

  private static Object next(LinkedBlockingQueue<String> done, String unwanted) {
    try {
      var next = done.poll(30, TimeUnit.SECONDS);
      return unwanted.equals(next) ? next(done, unwanted) : String.valueOf(next);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Test
  default void whatAProcessorDoesAfterwardsIsDoneWhenTheRestIsCertain() {
    var done = new LinkedBlockingQueue<String>();
    try (var bus = newBus()) {
      bus.process(
          new Processing<>("effects", Set.of(Topic.RESULTS), Count.class, () -> new Effects(done)));

      bus.publish(Topic.RESULTS, "b", event("b", -1));
      bus.publish(Topic.RESULTS, "b", event("b", 7));

      // A cluster may take its shares away and give them again before it comes to rest.
      assertThat(next(done, "given up")).isEqualTo("handled 7");
      assertThat(next(done, "given up")).isEqualTo("after 7");
    }
    assertThat(done).isNotEmpty().containsOnly("given up");
  }

  @Test
  default void aProcessorIsToldThatTimePasses() {
    try (var bus = newBus()) {
      var told = new LinkedBlockingQueue<Event>();
      bus.follow(Topic.EVENTS, "test", told::add);
      bus.process(
          new Processing<>(
              "ticking",
              Set.of(Topic.RESULTS),
              Count.class,
              () -> new Effects(new LinkedBlockingQueue<>())));

      bus.publish(Topic.RESULTS, "b", event("b", 5));

      assertThat(number(next(told))).isEqualTo(0);
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

      bus.publish(Topic.WORK, LANE, event("b", 1));
      bus.publish(Topic.WORK, LANE, event("b", 2));

      assertThat(number(next(mine))).isEqualTo(1);
      assertThat(number(next(mine))).isEqualTo(2);
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
            deliveries.add(number(job.event()) + " for the " + job.delivery() + ". time");
            if (job.delivery() < 3) {
              job.giveBack();
            }
          });

      bus.publish(Topic.WORK, LANE, event("b", 1));

      assertThat(next(deliveries, "")).isEqualTo("1 for the 1. time");
      assertThat(next(deliveries, "")).isEqualTo("1 for the 2. time");
      assertThat(next(deliveries, "")).isEqualTo("1 for the 3. time");
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
            if (number(event) == 0) {
              for (var i = 1; i < rounds; i++) {
                bus.publish(Topic.BUILDS, "b", event("b", i));
              }
            }
          });
      bus.subscribe(
          Topic.BUILDS,
          "node",
          event -> {
            all.countDown();
            if (number(event) == 0) {
              for (var i = 1; i < rounds; i++) {
                bus.publish(Topic.RESULTS, "b", event("b", i));
              }
            }
          });

      // when
      bus.publish(Topic.RESULTS, "b", event("b", 0));
      bus.publish(Topic.BUILDS, "b", event("b", 0));

      // then
      await(all);
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
                await(release);
                left.incrementAndGet();
              });
      bus.publish(Topic.EVENTS, "b", event("b", 1));
      await(entered);

      // when
      Thread.ofVirtual().start(release::countDown);
      subscription.close();

      // then
      assertThat(left).hasValue(1);
      bus.publish(Topic.EVENTS, "b", event("b", 2));
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
                await(release);
              });
      bus.publish(Topic.WORK, LANE, event("b", 1));
      bus.publish(Topic.WORK, LANE, event("b", 2));
      await(entered);

      // when
      Thread.ofVirtual().start(release::countDown);
      first.close();
      var done = new LinkedBlockingQueue<Event>();
      bus.work(Topic.WORK, LANE, "executors", 1, job -> done.add(job.event()));

      // then: the closed one may have taken the second job before it was told to end
      bus.publish(Topic.WORK, LANE, event("b", 3));
      assertThat(number(next(done))).isIn(2, 3);
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
    bus.publish(Topic.WORK, LANE, event("b", 1));
    await(entered);

    bus.close();

    assertThat(interrupted).hasValue(1);
  }
}
