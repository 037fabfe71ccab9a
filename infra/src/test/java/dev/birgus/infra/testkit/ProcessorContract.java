package dev.birgus.infra.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.bus.Processor;
import dev.birgus.infra.bus.Transaction;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** What processors can rely on whatever bus they are on. */
public interface ProcessorContract {

  /** A new bus, and nobody listening. The kit closes it. */
  EventBus newBus();

  /** How often the bus has reported a handler that threw, since {@link #newBus}. */
  int reportedFailures();

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
      numbers.add(NumberedEvents.number(event));
      transaction.put(key, new Count(numbers));
      transaction.publish(Topic.EVENTS, key, NumberedEvents.event(key, numbers.size()));
      if (NumberedEvents.number(event) < 0) {
        throw new IllegalStateException("on purpose");
      }
    }

    @Override
    public void tick(Transaction<Count> transaction) {}

    @Override
    public void givenUp() {}
  }

  /** A counter. */
  static Processing<Count> counting(String name) {
    return new Processing<>(name, Set.of(Topic.BUILDS, Topic.RESULTS), Count.class, Counter::new);
  }

  @Test
  default void aProcessorRemembersWhatItPutAndPublishesWhatFollows() {
    try (var bus = newBus()) {
      var told = new LinkedBlockingQueue<Event>();
      bus.follow(Topic.EVENTS, "test", told::add);
      bus.process(counting("counts"));

      bus.publish(Topic.BUILDS, "b", NumberedEvents.event("b", 1));
      assertThat(NumberedEvents.number(NumberedEvents.next(told))).isEqualTo(1);
      bus.publish(Topic.RESULTS, "b", NumberedEvents.event("b", 2));
      assertThat(NumberedEvents.number(NumberedEvents.next(told))).isEqualTo(2);
      bus.publish(Topic.RESULTS, "c", NumberedEvents.event("c", 2));
      assertThat(NumberedEvents.number(NumberedEvents.next(told))).isEqualTo(1);
    }
  }

  @Test
  default void whatAProcessorDidBeforeItThrewIsUndone() {
    try (var bus = newBus()) {
      var told = new LinkedBlockingQueue<Event>();
      bus.follow(Topic.EVENTS, "test", told::add);
      bus.process(counting("failing"));

      bus.publish(Topic.BUILDS, "b", NumberedEvents.event("b", -1));
      bus.publish(Topic.BUILDS, "b", NumberedEvents.event("b", 7));

      assertThat(NumberedEvents.number(NumberedEvents.next(told))).isEqualTo(1);
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
      transaction.put(key, new Count(List.of(NumberedEvents.number(event))));
      transaction.afterwards(() -> done.add("after " + NumberedEvents.number(event)));
      if (NumberedEvents.number(event) < 0) {
        throw new IllegalStateException("on purpose");
      }
      done.add("handled " + NumberedEvents.number(event));
    }

    @Override
    public void tick(Transaction<Count> transaction) {
      for (var key : List.copyOf(transaction.table().keySet())) {
        transaction.remove(key);
        transaction.publish(
            Topic.EVENTS, key, NumberedEvents.event(key, transaction.table().size()));
      }
    }

    @Override
    public void givenUp() {
      done.add("given up");
    }
  }

  @Test
  default void whatAProcessorDoesAfterwardsIsDoneWhenTheRestIsCertain() {
    var done = new LinkedBlockingQueue<String>();
    try (var bus = newBus()) {
      bus.process(
          new Processing<>("effects", Set.of(Topic.RESULTS), Count.class, () -> new Effects(done)));

      bus.publish(Topic.RESULTS, "b", NumberedEvents.event("b", -1));
      bus.publish(Topic.RESULTS, "b", NumberedEvents.event("b", 7));

      // A cluster may take its shares away and give them again before it comes to rest.
      assertThat(NumberedEvents.next(done, "given up")).isEqualTo("handled 7");
      assertThat(NumberedEvents.next(done, "given up")).isEqualTo("after 7");
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

      bus.publish(Topic.RESULTS, "b", NumberedEvents.event("b", 5));

      assertThat(NumberedEvents.number(NumberedEvents.next(told))).isEqualTo(0);
    }
  }
}
