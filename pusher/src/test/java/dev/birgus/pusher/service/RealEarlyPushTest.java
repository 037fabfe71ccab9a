package dev.birgus.pusher.service;

import static dev.birgus.pusher.samples.SampleImages.layer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.registry.RegistrySettings;
import dev.birgus.infra.registry.RemoteRegistries;
import dev.birgus.infra.testkit.RealRegistry;
import dev.birgus.pusher.samples.NoSources;
import dev.birgus.pusher.samples.StallingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Early uploads to a real registry. */
class RealEarlyPushTest {

  private static final BuildId BUILD = new BuildId("build-1");
  private static final StageId STAGE = new StageId(Digest.sha256(new byte[] {1}));

  @TempDir private Path folder;

  /** The bytes the registry keeps of uploads that have not ended. */
  private List<Path> uploads() throws IOException {
    var uploads = folder.resolve("registry/storage/docker/registry/v2/repositories/app/_uploads");
    try (var open = Files.walk(uploads)) {
      return open.filter(file -> file.endsWith("data")).toList();
    }
  }

  @Test
  void aBuildThatFailsLeavesNoUploadOpenInTheRegistry() throws Exception {
    var large = layer("large", 3 << 20);
    // The registry keeps what it has got of a request that is cut, and deletes such uploads late.
    var stalling = StallingStore.fromTheStart(large.bytes().length);
    try (var real = RealRegistry.plain(folder.resolve("registry"));
        var registries =
            new RemoteRegistries(
                RegistrySettings.DEFAULT, (_, _) -> Optional.empty(), Journal.silent());
        var bus = new InMemoryEventBus((_, _) -> {})) {
      try (var service =
          new PusherService(
              PusherSettings.DEFAULT,
              stalling,
              new NoSources(),
              registries,
              InstantSource.system(),
              Journal.silent())) {
        // given
        service.start(bus);
        var name = real.host() + "/app:1";
        var destination = new ToRegistry(ImageReference.parse(name), name);
        publish(
            bus, new Event.PushAnnounced(BUILD, Set.of(STAGE), List.of(), List.of(destination)));
        publish(bus, new Event.LayerSealed(BUILD, STAGE, 1, 0, large.layer()));
        stalling.awaitStalled();
        assertThat(uploads()).hasSize(1);

        // when
        publish(bus, new Event.BuildFailed(BUILD, Failure.of("broken", "it broke", "")));
      }

      // then
      assertThat(uploads()).isEmpty();
      assertThat(registries.push(real.host()).headManifest("app", "1")).isEmpty();
    } finally {
      stalling.release();
    }
  }

  private static void publish(InMemoryEventBus bus, Event event) {
    bus.publish(Topic.EVENTS, BUILD.value(), event);
  }
}
