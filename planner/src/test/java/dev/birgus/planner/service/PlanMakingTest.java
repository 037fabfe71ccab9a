package dev.birgus.planner.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Platform;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of plans where the bus or the machine has not got room for them. */
class PlanMakingTest {

  private static final BuildId BUILD = new BuildId("b");
  private static final TestBuild SAMPLE = TestBuild.of("FROM scratch\nRUN x\n");
  private static final Failure GONE = Failure.of("bus-unavailable", "the brokers are gone", "");

  private final RecordingBus bus = new RecordingBus();
  private final PlanMaking plans =
      new PlanMaking(SAMPLE.planning(), bus, Journal.silent(), new Semaphore(1));

  @AfterEach
  void close() {
    plans.close();
    bus.close();
  }

  @Test
  void aPlanTheBusDoesNotTakeIsOfferedAgain() {
    bus.refuse(Topic.RESULTS, GONE, 3);

    plans.begin(BUILD, SAMPLE.request());

    assertThat(bus.next(Topic.RESULTS)).isInstanceOf(Event.BuildPlanned.class);
  }

  @Test
  void aPlanThatIsTooLargeForTheBusFailsItsBuild() {
    bus.refuse(Topic.RESULTS, Failure.of(Failure.EVENT_TOO_LARGE, "too large", ""), 1);
    bus.refuse(Topic.RESULTS, GONE, 1);

    plans.begin(BUILD, SAMPLE.request());

    assertThat(bus.next(Topic.RESULTS))
        .isInstanceOfSatisfying(
            Event.BuildFailed.class,
            failed -> assertThat(failed.failure().name()).isEqualTo("plan-too-large"));
  }

  @Test
  void aPlanNobodyTakesCanBeStopped() {
    bus.refuse(Topic.RESULTS, GONE, 1_000);
    plans.begin(BUILD, SAMPLE.request());

    plans.close();

    assertThat(bus.isQuiet(Topic.RESULTS)).isTrue();
  }

  @Test
  void noMorePlansAreMadeAtOnceThanThereIsRoomFor() throws InterruptedException {
    var asked = new CountDownLatch(1);
    var count = new AtomicInteger();
    var slow =
        new DockerfilePlanning(
            (_, _, _) -> {
              count.incrementAndGet();
              asked.countDown();
              throw Failure.of("no-image", "there is none", "").toException();
            },
            SAMPLE.contexts,
            Platform.of("linux", "amd64"));
    var room = new Semaphore(1);
    room.acquire();
    try (var two = new PlanMaking(slow, bus, Journal.silent(), room)) {
      two.begin(BUILD, TestBuild.of("FROM one\n").request());
      two.begin(new BuildId("c"), TestBuild.of("FROM two\n").request());
      assertThat(bus.isQuiet(Topic.RESULTS)).isTrue();
      assertThat(count).hasValue(0);

      room.release();
      asked.await();

      assertThat(bus.next(Topic.RESULTS)).isInstanceOf(Event.BuildFailed.class);
      assertThat(bus.next(Topic.RESULTS)).isInstanceOf(Event.BuildFailed.class);
      assertThat(room.availablePermits()).isEqualTo(1);
    }
  }
}
