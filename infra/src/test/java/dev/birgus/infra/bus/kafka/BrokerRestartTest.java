package dev.birgus.infra.bus.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.EmbeddedBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a bus does when its broker goes away and comes back. */
@Timeout(180)
final class BrokerRestartTest {

  private static final int EVENTS = 60;

  private static Event event(int number) {
    return new BuildCancelRequested(new BuildId("b"), String.valueOf(number));
  }

  private static Set<String> upTo(int last) {
    return IntStream.rangeClosed(1, last).mapToObj(String::valueOf).collect(Collectors.toSet());
  }

  private static void await(Set<String> seen, Set<String> wanted) throws InterruptedException {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    synchronized (seen) {
      while (!seen.containsAll(wanted)) {
        assertThat(System.nanoTime()).as("of %s came %s", wanted, seen).isLessThan(until);
        seen.wait(500);
      }
    }
  }

  private static void add(Set<String> seen, String what) {
    synchronized (seen) {
      seen.add(what);
      seen.notifyAll();
    }
  }

  @Test
  void readersWorkersAndProcessorsGoOn(@TempDir Path folder) throws Exception {
    var broker = EmbeddedBroker.start(folder.resolve("broker"));
    var settings = KafkaSettings.at(broker.address()).withPrefix("r.").withPartitions(3);
    var subscribed = ConcurrentHashMap.<String>newKeySet();
    var followed = ConcurrentHashMap.<String>newKeySet();
    var done = ConcurrentHashMap.<String>newKeySet();
    var added = new LinkedBlockingQueue<String>();
    try (var bus = KafkaEventBus.open(settings, "test", Journal.silent(), (_, _) -> {})) {
      // given
      bus.subscribe(Topic.RESULTS, "reader", event -> add(subscribed, reason(event)));
      bus.follow(Topic.RESULTS, "follower", event -> add(followed, reason(event)));
      bus.follow(Topic.EVENTS, "processed", event -> added.add(reason(event)));
      bus.work(Topic.WORK, "pool", "nodes", 2, job -> add(done, reason(job.event())));
      bus.process(MemberProcess.processing());
      publish(bus, 1, EVENTS / 3);
      await(done, upTo(EVENTS / 3));

      // when
      broker.close();
      var publisher = Thread.ofVirtual().start(() -> publish(bus, EVENTS / 3 + 1, 2 * EVENTS / 3));
      broker = EmbeddedBroker.start(folder.resolve("broker"), broker.port());
      publisher.join();
      publish(bus, 2 * EVENTS / 3 + 1, EVENTS);

      // then
      await(subscribed, upTo(EVENTS));
      await(followed, upTo(EVENTS));
      await(done, upTo(EVENTS));
      var sums = new ArrayList<String>();
      for (var number = 1; number <= EVENTS; number++) {
        sums.add(String.valueOf(added.poll(60, TimeUnit.SECONDS)));
      }
      assertThat(sums).isEqualTo(expectedSums());
    } finally {
      broker.close();
    }
  }

  private static List<String> expectedSums() {
    return IntStream.rangeClosed(1, EVENTS)
        .mapToObj(each -> each + "/" + each + "/" + each * (each + 1) / 2)
        .toList();
  }

  private static void publish(KafkaEventBus bus, int from, int to) {
    for (var number = from; number <= to; number++) {
      bus.publish(Topic.RESULTS, "b", event(number));
      bus.publish(Topic.WORK, "pool", event(number));
    }
  }

  private static Event next(LinkedBlockingQueue<Event> events) throws InterruptedException {
    var event = events.poll(60, TimeUnit.SECONDS);
    return Objects.requireNonNull(event, "an event");
  }

  private static String reason(Event event) {
    return ((BuildCancelRequested) event).reason();
  }

  @Test
  void itIsKnownWhetherBrokersAnswer(@TempDir Path folder) throws Exception {
    var broker = EmbeddedBroker.start(folder.resolve("broker"));
    var settings = KafkaSettings.at(broker.address()).withPrefix("a.").withPartitions(3);
    try (var bus = KafkaEventBus.open(settings, "test", Journal.silent(), (_, _) -> {})) {
      bus.check();

      broker.close();
      assertThatThrownBy(bus::check).hasMessageContaining("no broker answers");

      broker = EmbeddedBroker.start(folder.resolve("broker"), broker.port());
      bus.check();
    } finally {
      broker.close();
    }
  }

  @Test
  void aLargeEventArrives(@TempDir Path folder) throws Exception {
    var broker = EmbeddedBroker.start(folder.resolve("broker"));
    var settings = KafkaSettings.at(broker.address()).withPrefix("l.").withPartitions(3);
    var read = new LinkedBlockingQueue<Event>();
    var processed = new LinkedBlockingQueue<Event>();
    var controlled = new LinkedBlockingQueue<Event>();
    try (var bus = KafkaEventBus.open(settings, "test", Journal.silent(), (_, _) -> {})) {
      bus.subscribe(Topic.RESULTS, "reader", read::add);
      bus.subscribe(Topic.CONTROL, "reader", controlled::add);
      bus.follow(Topic.EVENTS, "processed", processed::add);
      bus.process(MemberProcess.processing());

      // Zeros are few bytes on their way, and are a number; what is random is many.
      var zeros = "0".repeat(15 << 20) + "1";
      bus.publish(Topic.RESULTS, "b", new BuildCancelRequested(new BuildId("b"), zeros));
      var noise = new byte[10 << 20];
      new Random(7).nextBytes(noise);
      var random = Base64.getEncoder().encodeToString(noise);
      bus.publish(Topic.CONTROL, "b", new BuildCancelRequested(new BuildId("b"), random));

      assertThat(reason(next(read)).equals(zeros)).isTrue();
      assertThat(reason(next(processed))).isEqualTo("1/1/1");
      assertThat(reason(next(controlled)).equals(random)).isTrue();
    } finally {
      broker.close();
    }
  }
}
