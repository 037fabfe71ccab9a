package dev.birgus.pusher.service;

import static dev.birgus.pusher.samples.SampleImages.entry;
import static dev.birgus.pusher.samples.SampleImages.image;
import static dev.birgus.pusher.samples.SampleImages.layer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Delivery.ToTar;
import dev.birgus.infra.contracts.Event.ImagePushed;
import dev.birgus.infra.contracts.Event.PushRequested;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ImageSpec;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.registry.RegistrySettings;
import dev.birgus.infra.registry.RemoteRegistries;
import dev.birgus.infra.registry.RoutingImageSources;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.infra.testkit.RealRegistry;
import dev.birgus.infra.testkit.RecordingBus;
import dev.birgus.pusher.samples.SampleImages.Sample;
import dev.birgus.pusher.samples.Tool;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Base images come from one real registry, and what is built on them goes to another. */
class BaseImageRouteTest {

  private static final BuildId BUILD = new BuildId("build-1");
  private static final Platform LINUX = Platform.of("linux", "amd64");

  @TempDir private Path folder;

  private final InMemoryBlobStore built = new InMemoryBlobStore();

  private static void push(
      RemoteRegistries registries, BlobStore store, ImageSpec image, List<Delivery> deliveries) {
    var bus = new RecordingBus();
    try (var service =
        new PusherService(
            PusherSettings.DEFAULT,
            store,
            new RoutingImageSources(registries, Journal.silent()),
            registries,
            InstantSource.system(),
            Journal.silent())) {
      service.start(bus);
      bus.publish(
          Topic.PUSHES,
          Topic.ANYONE,
          new PushRequested(BUILD, image, List.of("route:1"), deliveries));
    }
    assertThat(bus.on(Topic.RESULTS)).allMatch(ImagePushed.class::isInstance).hasSize(1);
  }

  private static ToRegistry to(String name) {
    return new ToRegistry(ImageReference.parse(name), name);
  }

  private static ImageSpec on(ResolvedImage base, Sample ours) {
    var layers = new ArrayList<Layer>(base.layers());
    layers.add(ours.layer());
    var history = new ArrayList<Json.Obj>(base.config().history());
    history.add(entry("COPY ours /"));
    return new ImageSpec(
        base.config(),
        new StageResult(layers, history),
        Optional.of(base.manifest().mediaType()),
        Map.of(),
        Optional.empty());
  }

  @Test
  void theBaseLayersTravelWithoutHavingBeenUnpacked() throws Exception {
    try (var near = RealRegistry.plain(folder.resolve("near"));
        var far = RealRegistry.plain(folder.resolve("far"));
        var registries =
            new RemoteRegistries(
                RegistrySettings.DEFAULT, (_, _) -> Optional.empty(), Journal.silent())) {
      // given
      var upstream = new InMemoryBlobStore();
      push(
          registries,
          upstream,
          image(Optional.of(MediaType.OCI_MANIFEST), layer("base", 2 << 20).in(upstream)),
          List.of(to(far.host() + "/base:1")));
      var source = new ImageSource.FromRegistry(ImageReference.parse(far.host() + "/base:1"));
      var base =
          new RoutingImageSources(registries, Journal.silent()).resolve("base:1", source, LINUX);

      // when
      var tar = folder.resolve("image.tar");
      push(
          registries,
          built,
          on(base, layer("ours").in(built)),
          List.of(to(near.host() + "/app:1"), new ToTar(tar.toString())));

      // then
      for (var name : List.of("docker://" + near.host() + "/app:1", "docker-archive:" + tar)) {
        var copied =
            Tool.run(
                "skopeo",
                "copy",
                "--insecure-policy",
                "--src-tls-verify=false",
                name,
                "dir:" + folder.resolve("copy"));
        assertThat(copied.exitCode()).as(copied.output()).isZero();
      }
    }
  }
}
