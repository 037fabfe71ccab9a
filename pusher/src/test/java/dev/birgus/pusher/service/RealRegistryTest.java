package dev.birgus.pusher.service;

import static dev.birgus.pusher.samples.SampleImages.image;
import static dev.birgus.pusher.samples.SampleImages.layer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Event.BlobPushed;
import dev.birgus.infra.contracts.Event.BlobPushed.Presence;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Event.ImagePushed;
import dev.birgus.infra.contracts.Event.PushFailed;
import dev.birgus.infra.contracts.Event.PushRequested;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ImageSpec;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.credentials.Credential;
import dev.birgus.infra.credentials.Credentials;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.registry.RegistrySettings;
import dev.birgus.infra.registry.RemoteRegistries;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.infra.testkit.RealRegistry;
import dev.birgus.infra.testkit.RecordingBus;
import dev.birgus.pusher.image.ImageAssembler;
import dev.birgus.pusher.samples.NoSources;
import dev.birgus.pusher.samples.StallingStore;
import dev.birgus.pusher.samples.Tool;
import dev.birgus.pusher.upload.PushPermissionCheck;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealRegistryTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:11:12Z");
  private static final BuildId BUILD = new BuildId("build-1");
  private static final Credentials NOBODY = (_, _) -> Optional.empty();

  @TempDir private Path folder;

  private final InMemoryBlobStore store = new InMemoryBlobStore();

  private static RemoteRegistries registries(Credentials credentials) {
    return new RemoteRegistries(RegistrySettings.DEFAULT, credentials, Journal.silent());
  }

  private static ToRegistry to(String name) {
    return new ToRegistry(ImageReference.parse(name), name);
  }

  private static Credentials password(String password) {
    return (_, _) -> Optional.of(new Credential.UserPassword(RealRegistry.USER, password));
  }

  private RecordingBus push(Credentials credentials, ImageSpec image, Delivery... deliveries) {
    var bus = new RecordingBus();
    try (var registries = registries(credentials);
        var service =
            new PusherService(
                PusherSettings.DEFAULT,
                store,
                new NoSources(),
                registries,
                InstantSource.fixed(NOW),
                Journal.silent())) {
      service.start(bus);
      bus.publish(
          Topic.PUSHES,
          Topic.ANYONE,
          new PushRequested(BUILD, image, List.of(), List.of(deliveries)));
    }
    return bus;
  }

  @Test
  void skopeoReadsBackWhatWasPushed() throws Exception {
    try (var real = RealRegistry.plain(folder.resolve("registry"))) {
      // given
      var spec =
          image(
              Optional.of(MediaType.OCI_MANIFEST),
              layer("one").in(store),
              layer("large", 5 << 20).in(store));
      var name = real.host() + "/team/app";

      // when
      var bus = push(NOBODY, spec, to(name + ":1"), to(name + ":2"));

      // then
      var expected = ImageAssembler.assemble(spec, NOW);
      assertThat(bus.on(Topic.RESULTS))
          .containsExactly(new ImagePushed(BUILD, expected.digest(), expected.size()));
      for (var tag : List.of(":1", ":2")) {
        var inspected =
            Tool.run("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + name + tag);
        assertThat(inspected.output())
            .isEqualTo(new String(expected.manifest().bytes(), StandardCharsets.UTF_8));
      }
      var copied =
          Tool.run(
              "skopeo",
              "copy",
              "--insecure-policy",
              "--src-tls-verify=false",
              "docker://" + name + ":2",
              "dir:" + folder.resolve("copy"));
      assertThat(copied.exitCode()).as(copied.output()).isZero();
    }
  }

  @Test
  void aSecondPushSendsNothing() throws Exception {
    try (var real = RealRegistry.plain(folder.resolve("registry"))) {
      var spec = image(Optional.empty(), layer("one").in(store));
      push(NOBODY, spec, to(real.host() + "/app:1"));

      var bus = push(NOBODY, spec, to(real.host() + "/app:2"));

      assertThat(bus.all(BlobPushed.class))
          .extracting(BlobPushed::how)
          .containsExactly(Presence.EXISTED, Presence.EXISTED);
      assertThat(bus.all(ImagePushed.class)).hasSize(1);
    }
  }

  @Test
  void aBaseLayerIsMountedFromItsRepository() throws Exception {
    try (var real = RealRegistry.plain(folder.resolve("registry"))) {
      // given
      var base = layer("base");
      push(NOBODY, image(Optional.empty(), base.in(store)), to(real.host() + "/base:1"));
      var source = new ImageSource.FromRegistry(ImageReference.parse(real.host() + "/base:1"));
      var spec = image(Optional.empty(), base.from(source), layer("ours").in(store));

      // when
      var bus = push(NOBODY, spec, to(real.host() + "/app:1"));

      // then
      assertThat(bus.all(BlobPushed.class))
          .filteredOn(event -> event.blob().digest().equals(base.layer().blob().digest()))
          .extracting(BlobPushed::how)
          .containsExactly(Presence.MOUNTED);
    }
  }

  @Test
  void aRightPasswordOpensTheRegistryAndAWrongOneIsSaid() throws Exception {
    try (var real = RealRegistry.withPassword(folder.resolve("registry"))) {
      var name = real.host() + "/app:1";
      var spec = image(Optional.empty(), layer("one").in(store));

      var opened = push(password(RealRegistry.PASSWORD), spec, to(name));
      var refused = push(password("a guess"), spec, to(name));

      assertThat(opened.all(ImagePushed.class)).hasSize(1);
      assertThat(refused.all(PushFailed.class))
          .singleElement()
          .satisfies(event -> {
            assertThat(event.failure().name()).isEqualTo("registry-denied");
            assertThat(event.failure().message())
                .startsWith("error pushing image: failed to push to destination " + name + ": ")
                .doesNotContain("a guess");
          });
    }
  }

  @Test
  void thePermissionCheckTellsBeforeTheBuild() throws Exception {
    try (var real = RealRegistry.withPassword(folder.resolve("registry"));
        var strangers = registries(NOBODY);
        var friends = registries(password(RealRegistry.PASSWORD))) {
      var destinations = List.of(ImageReference.parse(real.host() + "/app:1"));

      new PushPermissionCheck(friends).check(destinations);

      assertThatExceptionOfType(FailureException.class)
          .isThrownBy(() -> new PushPermissionCheck(strangers).check(destinations))
          .withMessageStartingWith("error checking push permissions -- make sure you entered");
    }
  }

  @Test
  void aCancellationEndsAnUploadUnderWayAndNoTagIsMoved() throws Exception {
    var large = layer("large", 3 << 20);
    var stalling = new StallingStore(large.bytes().length);
    var failed = new CompletableFuture<PushFailed>();
    try (var real = RealRegistry.plain(folder.resolve("registry"));
        var registries = registries(NOBODY);
        var bus = new InMemoryEventBus((_, _) -> {});
        var service =
            new PusherService(
                PusherSettings.DEFAULT,
                stalling,
                new NoSources(),
                registries,
                InstantSource.fixed(NOW),
                Journal.silent())) {
      // given
      bus.subscribe(
          Topic.RESULTS,
          "test",
          event -> {
            if (event instanceof PushFailed failure) {
              failed.complete(failure);
            }
          });
      service.start(bus);
      bus.publish(
          Topic.PUSHES,
          Topic.ANYONE,
          new PushRequested(
              BUILD,
              image(Optional.empty(), large),
              List.of(),
              List.of(to(real.host() + "/app:1"))));
      stalling.awaitStalled();

      // when
      bus.publish(Topic.CONTROL, BUILD.value(), new BuildCancelRequested(BUILD, "enough"));

      // then
      assertThat(failed.get().failure().message()).isEqualTo("the push was cancelled: enough");
      assertThat(registries.push(real.host()).headManifest("app", "1")).isEmpty();
    } finally {
      stalling.release();
    }
  }

  @Test
  void aRegistryThatIsDownIsSaid() throws Exception {
    String host;
    try (var real = RealRegistry.plain(folder.resolve("registry"))) {
      host = real.host();
    }

    var bus = push(NOBODY, image(Optional.empty(), layer("one").in(store)), to(host + "/app:1"));

    assertThat(bus.all(PushFailed.class))
        .extracting(event -> event.failure().name())
        .containsExactly("registry-unreachable");
  }
}
