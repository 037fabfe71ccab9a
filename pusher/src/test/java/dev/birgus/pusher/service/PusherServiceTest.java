package dev.birgus.pusher.service;

import static dev.birgus.pusher.samples.SampleImages.image;
import static dev.birgus.pusher.samples.SampleImages.layer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Delivery.ToDigestFile;
import dev.birgus.infra.contracts.Delivery.ToLayout;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Delivery.ToTar;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Event.DeliveryFinished;
import dev.birgus.infra.contracts.Event.ImagePushed;
import dev.birgus.infra.contracts.Event.PushFailed;
import dev.birgus.infra.contracts.Event.PushRequested;
import dev.birgus.infra.contracts.ImageSpec;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.registry.Registries;
import dev.birgus.infra.registry.Registry;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.infra.testkit.RecordingBus;
import dev.birgus.pusher.image.ImageAssembler;
import dev.birgus.pusher.samples.NoSources;
import dev.birgus.pusher.samples.ObservedRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PusherServiceTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:11:12Z");
  private static final BuildId BUILD = new BuildId("build-1");

  @TempDir private Path folder;

  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final ObservedRegistry registry = new ObservedRegistry();
  private final RecordingBus bus = new RecordingBus();

  private PusherService service() {
    return new PusherService(
        PusherSettings.DEFAULT,
        store,
        new NoSources(),
        registry,
        InstantSource.fixed(NOW),
        Journal.silent());
  }

  private void push(ImageSpec image, Delivery... deliveries) {
    try (var service = service()) {
      service.start(bus);
      bus.publish(
          Topic.PUSHES,
          Topic.ANYONE,
          new PushRequested(BUILD, image, List.of("app:1"), List.of(deliveries)));
    }
  }

  private static ToRegistry to(String name) {
    return new ToRegistry(ImageReference.parse(name), name);
  }

  private ImageSpec sample() {
    return image(Optional.empty(), layer("one").in(store));
  }

  @Test
  void withoutDeliveriesTheDigestIsStillComputed() {
    var image = sample();

    push(image);

    var expected = ImageAssembler.assemble(image, NOW);
    assertThat(bus.on(Topic.RESULTS))
        .containsExactly(new ImagePushed(BUILD, expected.digest(), expected.size()));
  }

  @Test
  void everyDeliveryIsMadeAndReportedTheDigestFilesLast() throws Exception {
    // given
    var tar = new ToTar(folder.resolve("image.tar").toString());
    var layout = new ToLayout(folder.resolve("layout").toString());
    var digest =
        new ToDigestFile(
            folder.resolve("digest").toString(), ToDigestFile.Content.NAME_TAG_AND_DIGEST);
    var image = sample();

    // when
    push(image, digest, tar, to("host:1/app:1"), layout);

    // then
    var expected = ImageAssembler.assemble(image, NOW).digest();
    assertThat(bus.all(DeliveryFinished.class))
        .allMatch(event -> event.manifest().equals(expected))
        .extracting(DeliveryFinished::delivery)
        .containsExactlyInAnyOrder(tar, layout, to("host:1/app:1"), digest)
        .endsWith(to("host:1/app:1"), digest);
    assertThat(folder.resolve("image.tar")).isRegularFile();
    assertThat(folder.resolve("layout/index.json"))
        .content()
        .contains(expected.toString(), "\"1\"");
    assertThat(folder.resolve("digest"))
        .hasContent("index.docker.io/library/app:1@" + expected + "\n");
    assertThat(registry.writes()).endsWith("tag app 1");
    assertThat(bus.all(ImagePushed.class)).hasSize(1);
  }

  @Test
  void aTarThatCannotBeWrittenKeepsTheTagFromMoving() throws Exception {
    Files.writeString(folder.resolve("file"), "");
    var tar = new ToTar(folder.resolve("file/image.tar").toString());

    push(sample(), to("host:1/app:1"), tar);

    assertThat(bus.all(PushFailed.class))
        .singleElement()
        .satisfies(event -> assertThat(event.failure().name()).isEqualTo("output-not-writable"));
    assertThat(registry.writes()).noneMatch(write -> write.startsWith("tag"));
    assertThat(bus.all(ImagePushed.class)).isEmpty();
  }

  @Test
  void aRefusedTagLeavesNoDigestFile() {
    registry.refusing("tag app 1", "no");
    var digest = new ToDigestFile(folder.resolve("digest").toString(), ToDigestFile.Content.DIGEST);

    push(sample(), to("host:1/app:1"), digest);

    assertThat(bus.all(PushFailed.class))
        .extracting(event -> event.failure().message())
        .containsExactly("error pushing image: failed to push to destination host:1/app:1: no");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aDefectIsReportedAsOne() {
    var spec = sample();
    var broken =
        new ImageSpec(
            spec.config(),
            new StageResult(spec.result().layers(), List.of()),
            spec.baseManifest(),
            Map.of(),
            Optional.empty());

    push(broken, to("host:1/app:1"));

    assertThat(bus.all(PushFailed.class))
        .extracting(event -> event.failure().name())
        .containsExactly("internal-error");
    assertThat(registry.writes()).isEmpty();
  }

  @Test
  void aBuildCancelledBeforeItsPushIsNotPushed() {
    try (var service = service()) {
      service.start(bus);
      bus.publish(Topic.CONTROL, BUILD.value(), new BuildCancelRequested(BUILD, "not wanted"));
      bus.publish(
          Topic.PUSHES,
          Topic.ANYONE,
          new PushRequested(BUILD, sample(), List.of(), List.of(to("host:1/app:1"))));
    }

    assertThat(bus.all(PushFailed.class))
        .extracting(event -> event.failure().message())
        .containsExactly("the push was cancelled: not wanted");
    assertThat(registry.writes()).isEmpty();
  }

  @Test
  void aPushInProgressIsInterruptedByACancellation() throws Exception {
    // given
    var one = layer("one").in(store);
    registry.hangingAt(one.layer().blob().digest());
    var failed = new CompletableFuture<PushFailed>();
    try (var memory = new InMemoryEventBus((_, _) -> {});
        var service = service()) {
      memory.subscribe(
          Topic.RESULTS,
          "test",
          event -> {
            if (event instanceof PushFailed failure) {
              failed.complete(failure);
            }
          });
      service.start(memory);
      memory.publish(
          Topic.PUSHES,
          Topic.ANYONE,
          new PushRequested(
              BUILD, image(Optional.empty(), one), List.of(), List.of(to("host:1/app:1"))));
      registry.awaitHanging();

      // when
      memory.publish(Topic.CONTROL, BUILD.value(), new BuildCancelRequested(BUILD, "enough"));

      // then
      assertThat(failed.get().failure().message()).isEqualTo("the push was cancelled: enough");
      assertThat(registry.writes()).noneMatch(write -> write.startsWith("tag"));
    }
  }

  @Test
  void closingTheServiceEndsAPushInProgress() throws Exception {
    var one = layer("one").in(store);
    registry.hangingAt(one.layer().blob().digest());
    try (var memory = new InMemoryEventBus((_, _) -> {})) {
      var service = service();
      service.start(memory);
      memory.publish(
          Topic.PUSHES,
          Topic.ANYONE,
          new PushRequested(
              BUILD, image(Optional.empty(), one), List.of(), List.of(to("host:1/app:1"))));
      registry.awaitHanging();

      service.close();

      assertThat(registry.writes()).noneMatch(write -> write.startsWith("tag"));
    }
  }

  /** Registries whose connections are deaf to being told to end. */
  private record Deaf(CountDownLatch begun, CountDownLatch end) implements Registries {
    @Override
    public Registry push(String host) {
      begun.countDown();
      var interrupted = false;
      while (true) {
        try {
          end.await();
          break;
        } catch (InterruptedException told) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      throw new IllegalStateException("it was all in vain");
    }

    @Override
    public Registry pull(String host) {
      return push(host);
    }
  }

  @Test
  void aPushThatDoesNotEndDoesNotKeepThePusherFromClosing() throws Exception {
    // given
    var deaf = new Deaf(new CountDownLatch(1), new CountDownLatch(1));
    var told = new CopyOnWriteArrayList<String>();
    try (var memory = InMemoryEventBus.reportingTo(Journal.silent())) {
      var service =
          new PusherService(
              PusherSettings.DEFAULT,
              new PusherService.Means(store, new NoSources(), deaf),
              InstantSource.fixed(NOW),
              (_, message, _) -> told.add(message),
              Duration.ofMillis(1));
      service.start(memory);
      memory.publish(
          Topic.PUSHES,
          Topic.ANYONE,
          new PushRequested(BUILD, sample(), List.of("app:1"), List.of(to("registry.test/app:1"))));
      deaf.begun().await();

      // when
      service.close();

      // then
      assertThat(told).anyMatch(each -> each.contains("it is left behind"));
      deaf.end().countDown();
    }
  }
}
