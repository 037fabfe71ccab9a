package dev.birgus.load.pipeline;

import static dev.birgus.load.pipeline.PipelineRow.fixed;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.bus.Processor;
import dev.birgus.infra.bus.Transaction;
import dev.birgus.infra.bus.kafka.KafkaEventBus;
import dev.birgus.infra.bus.kafka.KafkaSettings;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** What the bus on Kafka can do by itself: what the calculation of scale reckons with. */
final class UnitCosts {

  private static final int WARM_UP = 2_000;
  private static final int EVENTS = 20_000;
  private static final int ROUNDS = 300;
  private static final int JOBS = 1_000;
  private static final int LIMIT_SECONDS = 180;
  private static final String GROUP = "unit-costs";

  private final Path folder;
  private final BuildService.Means means;
  private final AtomicReference<CountDownLatch> expected =
      new AtomicReference<>(new CountDownLatch(0));

  UnitCosts(Path folder, BuildService.Means means) {
    this.folder = folder;
    this.means = means;
  }

  /** How many events of a build there were. */
  record Counted(long events) {}

  /** A processor that changes a record of its table and publishes an event, at each event. */
  private static final class Counting implements Processor<Counted> {
    @Override
    public void taken(Transaction<Counted> table) {}

    @Override
    public void handle(String key, Event event, Transaction<Counted> transaction) {
      var before = transaction.get(key).map(Counted::events).orElse(0L);
      transaction.put(key, new Counted(before + 1));
      transaction.publish(Topic.EVENTS, key, event);
    }

    @Override
    public void tick(Transaction<Counted> transaction) {}

    @Override
    public void givenUp() {}
  }

  List<PipelineRow> rows() throws IOException, InterruptedException {
    try (var service = new BuildService(folder, means);
        var bus = bus(service)) {
      var _ = bus.replay(Topic.EVENTS, GROUP, _ -> expected.get().countDown());
      var rows = new ArrayList<PipelineRow>();
      var processing =
          new Processing<>(
              GROUP, Set.of(Topic.BUILDS, Topic.RESULTS), Counted.class, Counting::new);
      try (var _ = bus.process(processing)) {
        through(bus, WARM_UP, 8);
        rows.add(reaction(bus));
        for (var publishers : List.of(8, 64)) {
          var rate = through(bus, EVENTS, publishers);
          rows.add(rate("(u) one processor, " + publishers + " publishers", rate, "events"));
        }
      }
      for (var slots : List.of(1, 4)) {
        var rate = lane(bus, "lane" + slots, slots);
        rows.add(rate("(u) a lane of jobs that take no time, slots: " + slots, rate, "jobs"));
      }
      return rows;
    }
  }

  private static KafkaEventBus bus(BuildService service) throws InterruptedException {
    var settings = KafkaSettings.at(service.broker()).withPrefix(GROUP + ".").withPartitions(1);
    return KafkaEventBus.open(
        settings,
        GROUP,
        Journal.silent(),
        (_, failure) -> {
          throw new IllegalStateException(failure);
        });
  }

  private static PipelineRow rate(String name, double rate, String unit) {
    return new PipelineRow(name, fixed(rate, 0) + " " + unit + "/s", "", "");
  }

  private static Event event(int number) {
    return new BuildCancelRequested(new BuildId("build" + number % 100), "none");
  }

  private PipelineRow reaction(EventBus bus) throws InterruptedException {
    var took = new ArrayList<Double>();
    for (var i = 0; i < ROUNDS; i++) {
      expected.set(new CountDownLatch(1));
      var start = System.nanoTime();
      bus.publish(Topic.BUILDS, "build" + i % 100, event(i));
      await();
      took.add((System.nanoTime() - start) / 1e6);
    }
    took.sort(null);
    return new PipelineRow(
        "(u) from publishing an event to the one that follows from it, one at a time",
        fixed(took.get(ROUNDS / 2), 1) + " ms",
        "",
        "9 of 10 within " + fixed(took.get(ROUNDS * 9 / 10), 1) + " ms");
  }

  private void await() throws InterruptedException {
    if (!expected.get().await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(expected.get().getCount() + " events did not come");
    }
  }

  /** Sends so many events through the processor; how many a second came out. */
  private double through(EventBus bus, int count, int publishers) throws InterruptedException {
    expected.set(new CountDownLatch(count));
    var start = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var publisher = 0; publisher < publishers; publisher++) {
        var first = publisher;
        var _ =
            threads.submit(() -> {
              for (var i = first; i < count; i += publishers) {
                bus.publish(Topic.BUILDS, "build" + i % 100, event(i));
              }
            });
      }
      await();
    }
    return count / ((System.nanoTime() - start) / 1e9);
  }

  /** Lets so many slots take jobs; how many a second were done. */
  private double lane(EventBus bus, String lane, int slots) throws InterruptedException {
    expected.set(new CountDownLatch(slots));
    try (var _ = bus.work(Topic.WORK, lane, GROUP, slots, _ -> expected.get().countDown())) {
      // The first jobs wait until the workers have come.
      jobs(bus, lane, slots);
      await();
      expected.set(new CountDownLatch(JOBS));
      var start = System.nanoTime();
      jobs(bus, lane, JOBS);
      await();
      return JOBS / ((System.nanoTime() - start) / 1e9);
    }
  }

  private static void jobs(EventBus bus, String lane, int count) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var publisher = 0; publisher < 8; publisher++) {
        var first = publisher;
        var _ =
            threads.submit(() -> {
              for (var i = first; i < count; i += 8) {
                bus.publish(Topic.WORK, lane, event(i));
              }
            });
      }
    }
  }
}
