package dev.birgus.infra.bus.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.EmbeddedBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processors in processes that are killed and frozen. */
@Timeout(300)
final class KafkaProcessorTest {

  private static final AtomicInteger CLUSTERS = new AtomicInteger();
  private static final int KEYS = 6;

  private static EmbeddedBroker broker;

  private final String prefix = "members" + CLUSTERS.incrementAndGet() + ".";
  private final Random random = new Random();
  private final Map<String, List<String>> told = new HashMap<>();
  private final int[] sent = new int[KEYS];
  private final List<MemberProcess> members = new ArrayList<>();
  private KafkaEventBus bus;
  private int toldInAll;

  @BeforeAll
  static void startBroker(@TempDir Path folder) throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("broker"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void open() throws Exception {
    var settings = KafkaSettings.at(broker.address()).withPrefix(prefix).withPartitions(3);
    bus =
        KafkaEventBus.open(
            settings,
            "test",
            Journal.silent(),
            (_, failure) -> {
              throw new AssertionError(failure);
            });
    bus.replay(Topic.EVENTS, "test", this::take);
  }

  @AfterEach
  void close() {
    members.forEach(MemberProcess::close);
    bus.close();
  }

  private synchronized void take(Event event) {
    told.computeIfAbsent(event.subject(), _ -> new ArrayList<>())
        .add(((BuildCancelRequested) event).reason());
    toldInAll++;
    notifyAll();
  }

  private synchronized void awaitTold(int number) throws InterruptedException {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (toldInAll < number) {
      assertThat(System.nanoTime())
          .as("%s of %s came: %s", toldInAll, number, told)
          .isLessThan(until);
      wait(1000);
    }
  }

  private MemberProcess member(String name) throws Exception {
    var member = new MemberProcess(MemberProcess.Role.TALLY, broker.address(), prefix, name);
    members.add(member);
    return member;
  }

  /** So many events, each of any key. */
  private void publish(int events) {
    for (var i = 0; i < events; i++) {
      var key = random.nextInt(KEYS);
      sent[key]++;
      bus.publish(
          key % 2 == 0 ? Topic.BUILDS : Topic.RESULTS,
          "key" + key,
          new BuildCancelRequested(new BuildId("key" + key), String.valueOf(sent[key])));
    }
  }

  private int sentInAll() {
    var all = 0;
    for (var each : sent) {
      all += each;
    }
    return all;
  }

  /** Each number of each key once and in order, by a processor that has forgotten none. */
  private synchronized void assertNoneLostOrDoubled() {
    for (var key = 0; key < KEYS; key++) {
      var expected = new ArrayList<String>();
      for (long number = 1; number <= sent[key]; number++) {
        expected.add(number + "/" + number + "/" + number * (number + 1) / 2);
      }
      assertThat(told.getOrDefault("key" + key, List.of())).isEqualTo(expected);
    }
  }

  @Test
  void membersThatAreKilledAndStartedAgainLoseAndDoubleNothing() throws Exception {
    var both = List.of(member("one"), member("two"));
    publish(50);
    awaitTold(50);

    for (var kill = 0; kill < 6; kill++) {
      var victim = both.get(random.nextInt(2));
      publish(100);
      awaitTold(toldSoFar() + random.nextInt(sentInAll() - toldSoFar() + 1));
      victim.startAgain();
      publish(100);
    }

    awaitTold(sentInAll());
    assertNoneLostOrDoubled();
  }

  private synchronized int toldSoFar() {
    return toldInAll;
  }

  @Test
  void theSharesOfADeadMemberGoToAnother() throws Exception {
    var dying = member("one");
    member("two");
    publish(50);
    awaitTold(50);

    publish(200);
    dying.kill();
    publish(50);

    awaitTold(sentInAll());
    assertNoneLostOrDoubled();
  }

  @Test
  void aFrozenMemberDoesNothingMoreForSharesThatAreAnothers() throws Exception {
    // given
    var frozen = member("one");
    member("two");
    publish(50);
    awaitTold(50);

    // when the other one has all the shares
    publish(200);
    frozen.signal("STOP");
    publish(100);
    awaitTold(sentInAll());
    frozen.signal("CONT");
    publish(100);

    // then
    awaitTold(sentInAll());
    assertNoneLostOrDoubled();
    assertThat(frozen.isAlive()).isTrue();
  }

  @Test
  void aMemberWhoseNameAnotherProcessHasTakenStopsAndSaysSo() throws Exception {
    var first = member("one");
    publish(50);
    awaitTold(50);

    var second = member("one");
    while (first.isAlive()) {
      publish(1);
      awaitTold(sentInAll());
    }

    publish(50);
    awaitTold(sentInAll());
    assertThat(second.isAlive()).isTrue();
    assertNoneLostOrDoubled();
  }
}
