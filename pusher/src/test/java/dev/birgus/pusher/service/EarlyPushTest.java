package dev.birgus.pusher.service;

import static dev.birgus.pusher.samples.SampleImages.image;
import static dev.birgus.pusher.samples.SampleImages.layer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BlobPushed;
import dev.birgus.infra.contracts.Event.BlobPushed.Presence;
import dev.birgus.infra.contracts.Event.BuildFailed;
import dev.birgus.infra.contracts.Event.ImagePushed;
import dev.birgus.infra.contracts.Event.LayerSealed;
import dev.birgus.infra.contracts.Event.PushAnnounced;
import dev.birgus.infra.contracts.Event.PushFailed;
import dev.birgus.infra.contracts.Event.PushRequested;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.registry.Registries;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.pusher.samples.NoSources;
import dev.birgus.pusher.samples.ObservedRegistry;
import dev.birgus.pusher.samples.SampleImages.Sample;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Layers are sent while their build goes on; manifests and tags are not. */
class EarlyPushTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:11:12Z");
  private static final BuildId BUILD = new BuildId("build-1");
  private static final StageId IMAGE = stage("image");
  private static final StageId OTHER = stage("other");
  private static final Failure BROKEN = Failure.of("broken", "it broke", "");

  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final ObservedRegistry registry = new ObservedRegistry();
  private final InMemoryEventBus bus = new InMemoryEventBus((_, _) -> {});
  private final List<Event> seen = new CopyOnWriteArrayList<>();
  private final BlockingQueue<BlobPushed> pushed = new LinkedBlockingQueue<>();
  private final BlockingQueue<Event> results = new LinkedBlockingQueue<>();

  private static StageId stage(String name) {
    return new StageId(Digest.sha256(name.getBytes(StandardCharsets.UTF_8)));
  }

  @BeforeEach
  void listen() {
    bus.subscribe(
        Topic.EVENTS,
        "test",
        event -> {
          seen.add(event);
          if (event instanceof BlobPushed blob) {
            pushed.add(blob);
          }
        });
    bus.subscribe(Topic.RESULTS, "test", results::add);
  }

  @AfterEach
  void closeTheBus() {
    bus.close();
  }

  private static PusherService service(
      PusherSettings settings, InMemoryBlobStore store, Registries registries) {
    return new PusherService(
        settings, store, new NoSources(), registries, InstantSource.fixed(NOW), Journal.silent());
  }

  private PusherService started() {
    var service = service(PusherSettings.DEFAULT, store, registry);
    service.start(bus);
    return service;
  }

  private static ToRegistry to(String name) {
    return new ToRegistry(ImageReference.parse(name), name);
  }

  private static void announce(EventBus bus, List<Layer> base, ToRegistry... destinations) {
    bus.publish(
        Topic.EVENTS,
        BUILD.value(),
        new PushAnnounced(BUILD, Set.of(IMAGE), base, List.of(destinations)));
  }

  private void sealed(StageId stage, Sample sample) {
    bus.publish(Topic.EVENTS, BUILD.value(), new LayerSealed(BUILD, stage, 1, 0, sample.layer()));
  }

  private Event request(ToRegistry destination, Sample... samples) throws InterruptedException {
    bus.publish(
        Topic.PUSHES,
        Topic.ANYONE,
        new PushRequested(
            BUILD, image(Optional.empty(), samples), List.of(), List.of(destination)));
    return results.take();
  }

  private static String brief(Sample sample) {
    return sample.layer().blob().digest().brief();
  }

  @Test
  void aLayerIsThereBeforeTheBuildEndsAndIsNotAskedForAgain() throws Exception {
    var one = layer("one").in(store);
    var two = layer("two").in(store);
    try (var _ = started()) {
      // given
      announce(bus, List.of(), to("host:1/app:1"));
      sealed(IMAGE, one);
      assertThat(pushed.take().blob()).isEqualTo(one.layer().blob());
      assertThat(registry.writes()).containsExactly("push app " + brief(one));

      // when
      var result = request(to("host:1/app:1"), one, two);

      // then
      assertThat(result).isInstanceOf(ImagePushed.class);
      assertThat(registry.writes()).hasSize(4).endsWith("tag app 1");
      assertThat(seen)
          .filteredOn(BlobPushed.class::isInstance)
          .extracting(event -> ((BlobPushed) event).how())
          .containsOnly(Presence.UPLOADED)
          .hasSize(3);
    }
  }

  @Test
  void layersOfStagesTheImageDoesNotHaveAreNotSent() throws Exception {
    var ours = layer("ours").in(store);
    var theirs = layer("theirs").in(store);
    try (var _ = started()) {
      announce(bus, List.of(), to("host:1/app:1"));
      sealed(OTHER, theirs);
      sealed(IMAGE, ours);

      request(to("host:1/app:1"), ours);
    }

    assertThat(registry.writes()).noneMatch(write -> write.contains(brief(theirs)));
  }

  @Test
  void baseLayersOfTheSameRegistryAreMountedAsSoonAsTheyAreKnown() throws Exception {
    var source = new ImageSource.FromRegistry(ImageReference.parse("host:1/base:1"));
    var base = layer("base").from(source);
    registry.holding("base", base.layer().blob().digest());
    try (var _ = started()) {
      announce(bus, List.of(base.layer()), to("host:1/app:1"));

      assertThat(pushed.take().how()).isEqualTo(Presence.MOUNTED);
    }
    assertThat(registry.writes()).containsExactly("mount app " + brief(base) + " base");
  }

  @Test
  void everyDestinationGetsTheLayerAndARegistryGetsItsBytesOnce() throws Exception {
    var one = layer("one").in(store);
    try (var _ = started()) {
      announce(bus, List.of(), to("host:1/app:1"), to("host:1/copy:1"), to("host:1/app:2"));
      sealed(IMAGE, one);
      pushed.take();
      pushed.take();
    }

    assertThat(registry.writes())
        .containsExactly("push app " + brief(one), "mount copy " + brief(one) + " app");
  }

  @Test
  void aBuildThatFailsEndsItsUploads() throws Exception {
    var one = layer("one").in(store);
    var late = layer("late").in(store);
    registry.hangingAt(one.layer().blob().digest());
    try (var _ = started()) {
      announce(bus, List.of(), to("host:1/app:1"));
      sealed(IMAGE, one);
      registry.awaitHanging();

      bus.publish(Topic.EVENTS, BUILD.value(), new BuildFailed(BUILD, BROKEN));
      sealed(IMAGE, late);
    }

    assertThat(registry.writes()).isEmpty();
  }

  @Test
  void whatCannotBeSentEarlyIsSentAtTheEnd() throws Exception {
    var one = layer("one").in(store);
    registry.refusingOnce("push app " + brief(one), "not now");
    try (var _ = started()) {
      announce(bus, List.of(), to("host:1/app:1"));
      sealed(IMAGE, one);
      registry.awaitRefusal();

      assertThat(request(to("host:1/app:1"), one)).isInstanceOf(ImagePushed.class);
    }
    assertThat(registry.writes()).contains("push app " + brief(one));
  }

  @Test
  void whatCannotBeSentAtAllFailsTheBuildAtItsEnd() throws Exception {
    var one = layer("one").in(store);
    registry.refusing("push app " + brief(one), "never");
    try (var _ = started()) {
      announce(bus, List.of(), to("host:1/app:1"));
      sealed(IMAGE, one);

      assertThat(request(to("host:1/app:1"), one))
          .isInstanceOfSatisfying(
              PushFailed.class,
              failed -> assertThat(failed.failure().message()).endsWith("host:1/app:1: never"));
    }
  }

  @Test
  void switchedOffNothingIsSentBeforeThePush() {
    var one = layer("one").in(store);
    var recording = new dev.birgus.infra.testkit.RecordingBus();
    var usual = PusherSettings.DEFAULT;
    var late = new PusherSettings(usual.pushesAtOnce(), usual.upload(), false);
    try (var service = service(late, store, registry)) {
      service.start(recording);
      announce(recording, List.of(one.layer()), to("host:1/app:1"));
    }

    assertThat(registry.writes()).isEmpty();
  }

  @Test
  void anAnnouncementAfterTheEndBeginsNothing() {
    var one = layer("one").in(store);
    var recording = new dev.birgus.infra.testkit.RecordingBus();
    try (var service = service(PusherSettings.DEFAULT, store, registry)) {
      service.start(recording);
      recording.publish(Topic.EVENTS, BUILD.value(), new BuildFailed(BUILD, BROKEN));
      announce(recording, List.of(one.layer()), to("host:1/app:1"));
    }

    assertThat(registry.writes()).isEmpty();
  }

  @Test
  void twoBuildsDoNotSendTheSameLayerTwice() throws Exception {
    var shared = layer("shared").in(store);
    try (var _ = started()) {
      var builds = new ArrayList<BuildId>();
      for (var name : List.of("a", "b", "c")) {
        builds.add(new BuildId(name));
      }
      for (var build : builds) {
        bus.publish(
            Topic.EVENTS,
            build.value(),
            new PushAnnounced(
                build, Set.of(IMAGE), List.of(shared.layer()), List.of(to("host:1/app:1"))));
      }
      for (var _ : builds) {
        pushed.take();
      }
    }

    assertThat(registry.writes()).containsExactly("push app " + brief(shared));
  }
}
