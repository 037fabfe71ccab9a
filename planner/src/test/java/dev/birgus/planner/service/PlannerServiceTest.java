package dev.birgus.planner.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.Platform;
import dev.birgus.planner.resolve.BaseImages;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The planner on a bus, with real planning. */
class PlannerServiceTest {

  private static final Digest MANIFEST = Digest.sha256(new byte[] {1});

  private final RecordingBus bus = new RecordingBus();
  private final InMemoryContexts contexts = new InMemoryContexts();
  private final CountDownLatch slowImageAsked = new CountDownLatch(1);
  private final CountDownLatch slowImageGivenUp = new CountDownLatch(1);
  private final PlannerService service =
      new PlannerService(
          new DockerfilePlanning(new AwkwardImages(), contexts, Platform.of("linux", "amd64")),
          Journal.silent());

  /** Images of which one never comes, and one is a bug. */
  private final class AwkwardImages implements BaseImages {
    @Override
    public ResolvedImage resolve(String name, ImageSource source, Platform platform) {
      if (name.equals("slow")) {
        slowImageAsked.countDown();
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException givenUp) {
          slowImageGivenUp.countDown();
          Thread.currentThread().interrupt();
        }
      }
      throw new IllegalStateException("a bug");
    }
  }

  @AfterEach
  void close() {
    service.close();
  }

  private void request(String build, String dockerfile) {
    bus.publish(
        Topic.BUILDS,
        build,
        new Event.BuildRequested(new BuildId(build), TestBuild.of(dockerfile).request()));
  }

  @Test
  void aBuildGoesFromItsRequestToItsImage() {
    service.start(bus);
    bus.publish(
        Topic.STAGES,
        Scheduling.DEFAULT_POOL,
        new Event.NodeReported("n", Scheduling.DEFAULT_POOL, 1, Map.of()));
    request("b", "FROM scratch AS a\nRUN x\nFROM scratch\nCOPY --from=a f f\n");

    assertThat(bus.next(Topic.EVENTS)).isInstanceOf(Event.BuildPlanned.class);
    finishNextStage();
    finishNextStage();
    assertThat(bus.next(Topic.PUSHES)).isInstanceOf(Event.PushRequested.class);
    bus.publish(Topic.RESULTS, "b", new Event.ImagePushed(new BuildId("b"), MANIFEST, 3));

    assertThat(bus.next(Topic.EVENTS))
        .isEqualTo(new Event.BuildSucceeded(new BuildId("b"), MANIFEST, 3));
  }

  @Test
  void aBuildThatEndedIsNotStartedAgain() {
    service.start(bus);
    request("b", "FROM scratch\nEXPOSE x\n");
    bus.next(Topic.EVENTS);
    request("b", "FROM scratch\n");

    request("other", "FROM scratch\n");
    assertThat(bus.next(Topic.EVENTS).subject()).isEqualTo("other");
  }

  @Test
  void aMistakeInTheDockerfileFailsTheBuildWithItsPlace() {
    service.start(bus);
    request("b", "FROM scratch\nFLY away\n");

    assertThat(bus.next(Topic.EVENTS))
        .isInstanceOfSatisfying(
            Event.BuildFailed.class,
            failed -> assertThat(failed.failure().at()).hasToString("Optional[Dockerfile:2]"));
  }

  @Test
  void aBugFailsTheBuildAsOne() {
    service.start(bus);
    request("b", "FROM broken\n");

    assertThat(bus.next(Topic.EVENTS))
        .isInstanceOfSatisfying(
            Event.BuildFailed.class,
            failed -> assertThat(failed.failure().name()).isEqualTo("internal-error"));
  }

  @Test
  void aSlowBuildDoesNotHoldUpAnotherAndCanBeCancelled() throws InterruptedException {
    service.start(bus);
    request("slow", "FROM slow\n");
    slowImageAsked.await();

    request("fast", "FROM scratch\n");
    assertThat(bus.next(Topic.EVENTS).subject()).isEqualTo("fast");

    bus.publish(Topic.BUILDS, "slow", new Event.BuildCancelRequested(new BuildId("slow"), "why"));
    assertThat(bus.next(Topic.EVENTS))
        .isEqualTo(new Event.BuildCancelled(new BuildId("slow"), "why"));
    slowImageGivenUp.await();
    assertThat(bus.isQuiet(Topic.EVENTS)).isTrue();
  }

  @Test
  void closingEndsThePlanningThatRuns() throws InterruptedException {
    service.start(bus);
    request("slow", "FROM slow\n");
    slowImageAsked.await();

    service.close();

    slowImageGivenUp.await();
    assertThat(bus.isQuiet(Topic.EVENTS)).isTrue();
  }

  private void finishNextStage() {
    var ready = (Event.StageReady) bus.next(Topic.WORK);
    bus.publish(
        Topic.STAGES,
        Scheduling.DEFAULT_POOL,
        new Event.StageFinished(
            ready.build(),
            ready.stage().id(),
            ready.attempt(),
            new StageResult(List.of(), List.of())));
  }
}
