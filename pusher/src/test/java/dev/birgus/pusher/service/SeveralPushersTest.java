package dev.birgus.pusher.service;

import static dev.birgus.pusher.samples.SampleImages.image;
import static dev.birgus.pusher.samples.SampleImages.layer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Event.BuildSucceeded;
import dev.birgus.infra.contracts.Event.ImagePushed;
import dev.birgus.infra.contracts.Event.PushFailed;
import dev.birgus.infra.contracts.Event.PushRequested;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.testkit.HeldJob;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.infra.testkit.RecordingBus;
import dev.birgus.pusher.samples.NoSources;
import dev.birgus.pusher.samples.ObservedRegistry;
import dev.birgus.pusher.samples.SampleImages.Sample;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A push goes from one pusher to another: nothing is done twice, and nothing is left undone. */
class SeveralPushersTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:11:12Z");
  private static final BuildId BUILD = new BuildId("build-1");

  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final ObservedRegistry registry = new ObservedRegistry();
  private final RecordingBus bus = new RecordingBus();

  private PusherService pusher(Instant now) {
    return new PusherService(
        PusherSettings.DEFAULT.amongOthers(),
        store,
        new NoSources(),
        registry,
        InstantSource.fixed(now),
        Journal.silent());
  }

  private static PushRequested request(Sample... layers) {
    var name = "host:1/app:1";
    return new PushRequested(
            BUILD,
            image(Optional.empty(), layers),
            List.of(),
            List.of(new ToRegistry(ImageReference.parse(name), name)))
        .createdBy(NOW);
  }

  @Test
  void whoHasLostThePushMovesNoTagAndSaysNothing() {
    try (var pusher = pusher(NOW)) {
      pusher.start(bus);
      bus.give(Topic.PUSHES, new HeldJob(request(layer("one").in(store)), 1).lost());
    }

    assertThat(registry.writes()).noneMatch(write -> write.startsWith("tag"));
    assertThat(bus.on(Topic.RESULTS)).isEmpty();
  }

  @Test
  void aPushWhoseLeaseIsInDoubtIsGivenBackAndHasNotFailed() {
    var job = new HeldJob(request(layer("one").in(store)), 1).unanswered();

    try (var pusher = pusher(NOW)) {
      pusher.start(bus);
      bus.give(Topic.PUSHES, job);
    }

    assertThat(registry.writes()).noneMatch(write -> write.startsWith("tag"));
    assertThat(bus.on(Topic.RESULTS)).isEmpty();
    assertThat(job.isGivenBack()).isTrue();
  }

  @Test
  void aFailureOfWhoHasLostThePushIsNobodysBusiness() {
    registry.refusing("push app " + layer("one").layer().blob().digest().brief(), "no");
    try (var pusher = pusher(NOW)) {
      pusher.start(bus);
      bus.give(Topic.PUSHES, new HeldJob(request(layer("one").in(store)), 1).lost());
    }

    assertThat(bus.on(Topic.RESULTS)).isEmpty();
  }

  @Test
  void aPushWhoseOutcomeCannotBePublishedIsNotDoneAndHasNotFailed() {
    bus.refusing(ImagePushed.class);
    var job = new HeldJob(request(layer("one").in(store)), 1);

    try (var pusher = pusher(NOW)) {
      pusher.start(bus);
      assertThatThrownBy(() -> bus.give(Topic.PUSHES, job))
          .isInstanceOf(FailureException.class)
          .hasMessageContaining("an event cannot be sent");
    }

    assertThat(registry.writes()).anyMatch(write -> write.startsWith("tag"));
    assertThat(bus.all(PushFailed.class)).isEmpty();
  }

  @Test
  void aFailureThatCannotBePublishedLeavesThePushToAnother() {
    registry.refusing("push app " + layer("one").layer().blob().digest().brief(), "no");
    bus.refusing(PushFailed.class);
    var job = new HeldJob(request(layer("one").in(store)), 1);

    try (var pusher = pusher(NOW)) {
      pusher.start(bus);
      assertThatThrownBy(() -> bus.give(Topic.PUSHES, job)).isInstanceOf(FailureException.class);
    }
  }

  @Test
  void whoTakesOverSendsNothingTwiceAndWritesTheSameManifest() {
    var request = request(layer("one").in(store));
    try (var first = pusher(NOW)) {
      first.start(bus);
      bus.give(Topic.PUSHES, new HeldJob(request, 1));
    }
    var sent = registry.writes().stream().filter(write -> write.startsWith("push")).count();
    try (var second = pusher(NOW.plusSeconds(30))) {
      second.start(bus);
      bus.give(Topic.PUSHES, new HeldJob(request, 2));
    }

    assertThat(registry.writes().stream().filter(write -> write.startsWith("push")))
        .hasSize((int) sent);
    assertThat(bus.all(ImagePushed.class)).hasSize(2);
    assertThat(bus.all(ImagePushed.class).stream().distinct()).hasSize(1);
  }

  @Test
  void noPushIsTakenBeforeItIsKnownWhatWasCancelled() throws Exception {
    // given
    var request = request(layer("one").in(store));
    var late = new LateReplays(bus);
    try (var pusher = pusher(NOW)) {
      // when
      var starting = Thread.ofVirtual().start(() -> pusher.start(late));
      late.awaitReplay();
      bus.give(Topic.PUSHES, new HeldJob(request, 1));

      // then
      assertThat(registry.writes()).isEmpty();
      late.replayed(new BuildCancelRequested(BUILD, "why"));
      assertThat(starting.join(Duration.ofSeconds(30))).isTrue();
      bus.give(Topic.PUSHES, new HeldJob(request, 1));
    }
    assertThat(registry.writes()).noneMatch(write -> write.startsWith("tag"));
    assertThat(bus.all(PushFailed.class))
        .singleElement()
        .satisfies(told -> assertThat(told.failure().name()).isEqualTo("push-cancelled"));
  }

  @Test
  void whatIsNotDoneWhenAPusherLeavesIsGivenBack() throws Exception {
    // given
    var one = layer("one").in(store);
    registry.hangingAt(one.layer().blob().digest());
    var job = new HeldJob(request(one), 1);
    Thread working;
    try (var pusher = pusher(NOW)) {
      pusher.start(bus);
      working = Thread.ofVirtual().start(() -> bus.give(Topic.PUSHES, job));
      registry.awaitHanging();

      // when
      pusher.drain(Duration.ZERO);
    }
    working.join();

    // then
    assertThat(job.isGivenBack()).isTrue();
    assertThat(bus.on(Topic.RESULTS)).isEmpty();
    assertThat(registry.writes()).noneMatch(write -> write.startsWith("tag"));
  }

  @Test
  void aCancelledPushIsNotGivenBackByAPusherThatLeaves() throws Exception {
    var one = layer("one").in(store);
    registry.hangingAt(one.layer().blob().digest());
    var job = new HeldJob(request(one), 1);
    Thread working;
    try (var pusher = pusher(NOW)) {
      pusher.start(bus);
      working = Thread.ofVirtual().start(() -> bus.give(Topic.PUSHES, job));
      registry.awaitHanging();

      bus.publish(Topic.CONTROL, BUILD.value(), new BuildCancelRequested(BUILD, "enough"));
    }
    working.join();

    assertThat(job.isGivenBack()).isFalse();
    assertThat(bus.all(PushFailed.class))
        .extracting(event -> event.failure().message())
        .containsExactly("the push was cancelled: enough");
  }

  @Test
  void aPushThatEndsEveryPusherComesToAnEnd() {
    try (var pusher = pusher(NOW)) {
      pusher.start(bus);
      bus.give(Topic.PUSHES, new HeldJob(request(layer("one").in(store)), 9));
    }

    assertThat(bus.all(PushFailed.class))
        .extracting(event -> event.failure().name())
        .containsExactly("push-given-up");
    assertThat(registry.writes()).isEmpty();
  }

  @Test
  void aCancellationIsTooLateWhenTagsHaveBegunToMove() throws Exception {
    // given
    registry.waitingAt("tag app 1");
    var request = to(request(layer("one").in(store)), "host:1/app:1", "host:1/app:2");
    var job = new HeldJob(request, 1);
    try (var pusher = pusher(NOW)) {
      pusher.start(bus);
      var working = Thread.ofVirtual().start(() -> bus.give(Topic.PUSHES, job));
      registry.awaitHanging();

      // when
      bus.publish(Topic.CONTROL, BUILD.value(), new BuildCancelRequested(BUILD, "enough"));
      registry.release();
      working.join();
    }

    // then
    assertThat(registry.writes()).endsWith("tag app 1", "tag app 2");
    assertThat(bus.all(PushFailed.class)).isEmpty();
    assertThat(bus.all(ImagePushed.class)).hasSize(1);
  }

  @Test
  void aPushThatComesAgainAfterTheEndOfItsBuildMovesNoTagBack() {
    // given
    var request = to(request(layer("one").in(store)), "host:1/app:1", "host:1/app:2");
    try (var first = pusher(NOW)) {
      first.start(bus);
      bus.give(Topic.PUSHES, new HeldJob(request, 1));
    }
    var pushed = bus.all(ImagePushed.class).getFirst();
    var written = registry.writes().size();

    // when
    try (var second = pusher(NOW)) {
      second.start(bus);
      bus.publish(
          Topic.CONTROL,
          BUILD.value(),
          new BuildSucceeded(BUILD, pushed.manifest(), pushed.size()));
      bus.give(Topic.PUSHES, new HeldJob(request, 2));
    }

    // then
    assertThat(registry.writes()).hasSize(written);
    assertThat(bus.all(ImagePushed.class)).hasSize(1);
  }

  @Test
  void whoTakesOverBetweenTwoTagsGoesOnWhateverWasCancelledMeanwhile() {
    // given a pusher that was ended when it had moved the first of two tags
    var request = to(request(layer("one").in(store)), "host:1/app:1", "host:1/app:2");
    try (var first = pusher(NOW)) {
      first.start(bus);
      bus.give(Topic.PUSHES, new HeldJob(to(request, "host:1/app:1"), 1));
    }
    bus.publish(Topic.CONTROL, BUILD.value(), new BuildCancelRequested(BUILD, "enough"));

    // when
    try (var second = pusher(NOW)) {
      second.start(bus);
      bus.publish(Topic.CONTROL, BUILD.value(), new BuildCancelRequested(BUILD, "enough"));
      bus.give(Topic.PUSHES, new HeldJob(request, 2));
    }

    // then
    assertThat(registry.writes()).endsWith("tag app 2");
    assertThat(bus.all(PushFailed.class)).isEmpty();
    assertThat(bus.all(ImagePushed.class)).hasSize(2);
  }

  @Test
  void whoTakesOverBeforeTheFirstTagMayBeCancelled() {
    try (var pusher = pusher(NOW)) {
      pusher.start(bus);
      bus.publish(Topic.CONTROL, BUILD.value(), new BuildCancelRequested(BUILD, "enough"));
      bus.give(Topic.PUSHES, new HeldJob(request(layer("one").in(store)), 2));
    }

    assertThat(registry.writes()).noneMatch(write -> write.startsWith("tag"));
    assertThat(bus.all(PushFailed.class)).hasSize(1);
  }

  private static PushRequested to(PushRequested request, String... names) {
    var destinations = new ArrayList<Delivery>();
    for (var name : names) {
      destinations.add(new ToRegistry(ImageReference.parse(name), name));
    }
    return new PushRequested(request.build(), request.image(), request.tags(), destinations);
  }
}
