package dev.birgus.infra.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.Manifest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.registry.PullRoutes.Target;
import dev.birgus.infra.testkit.InMemoryRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PullRoutesTest {

  private static final String HUB = "index.docker.io";
  private static final Platform LINUX = Platform.of("linux", "amd64");

  private final Map<String, InMemoryRegistry> hosts = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private final class Hosts implements Registries {
    @Override
    public Registry push(String host) {
      throw new AssertionError("nothing is pushed");
    }

    @Override
    public Registry pull(String host) {
      asked.add(host);
      return hosts.computeIfAbsent(host, _ -> new InMemoryRegistry());
    }
  }

  private ResolvedImage resolve(PullRoutes routes, String image) throws IOException {
    var sources =
        new RoutingImageSources(
            new Hosts(),
            routes,
            Optional.empty(),
            (_, message, context) -> warnings.add(message + context));
    var reference = ImageReference.parse(image);
    return sources.resolve(image, new ImageSource.FromRegistry(reference), LINUX);
  }

  private static PullRoutes hub(boolean fallback, String... targets) {
    var list = new ArrayList<Target>();
    for (var target : targets) {
      list.add(Target.parse(target));
    }
    return new PullRoutes(Map.of(HUB, list), fallback);
  }

  private void image(String host, String repository, String tag) throws IOException {
    var registry = hosts.computeIfAbsent(host, _ -> new InMemoryRegistry());
    var config = ImageConfig.scratch(LINUX).finished(List.of(), List.of(), "1970-01-01T00:00:00Z");
    var bytes = config.toBytes();
    var blob = Descriptor.of(MediaType.OCI_CONFIG, Digest.sha256(bytes), bytes.length);
    registry.pushBlob(repository, blob, () -> new ByteArrayInputStream(bytes));
    var manifest = new Manifest(MediaType.OCI_MANIFEST, blob, List.of(), Json.Obj.EMPTY);
    registry.pushManifest(repository, tag, MediaType.OCI_MANIFEST, manifest.toBytes());
  }

  @Test
  void targetsAreAskedInOrderAndThenTheRegistryItself() throws IOException {
    image(HUB, "library/alpine", "3");

    var image = resolve(hub(true, "one.test", "two.test:5000/hub"), "alpine:3");

    assertThat(asked).containsExactly("one.test", "two.test:5000", HUB);
    assertThat(image.source())
        .isEqualTo(new ImageSource.FromRegistry(ImageReference.parse("alpine:3")));
    assertThat(warnings).hasSize(2);
    assertThat(warnings.getFirst()).contains("one.test/library/alpine:3");
    assertThat(warnings.getLast()).contains("two.test:5000/hub/library/alpine:3");
  }

  @Test
  void whatATargetHasComesFromThereWithItsLayers() throws IOException {
    image("two.test", "cache/hub/library/alpine", "3");

    var image = resolve(hub(true, "two.test/cache/hub/"), "alpine:3");

    assertThat(asked).containsExactly("two.test");
    assertThat(image.name()).isEqualTo("alpine:3");
    assertThat(image.source())
        .isEqualTo(
            new ImageSource.FromRegistry(
                ImageReference.parse("two.test/cache/hub/library/alpine:3")));
    assertThat(warnings).isEmpty();
  }

  @Test
  void withoutFallbackTheRegistryItselfIsNotAsked() throws IOException {
    image(HUB, "library/alpine", "3");

    assertThatThrownBy(() -> resolve(hub(false, "one.test"), "alpine:3"))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("image not found on any configured mapped registries for ")
        .hasMessageContaining("index.docker.io/library/alpine:3");
    assertThat(asked).containsExactly("one.test");
  }

  @Test
  void withoutFallbackOtherRegistriesAreAskedAsEver() throws IOException {
    image("r.test", "app", "1");

    assertThat(resolve(hub(false, "one.test"), "r.test/app:1").name()).isEqualTo("r.test/app:1");
  }

  @Test
  void aDigestIsAskedForAsADigest() throws IOException {
    var digest = Digest.sha256("x".getBytes(UTF_8));

    assertThatThrownBy(() -> resolve(hub(false, "one.test"), "alpine@" + digest))
        .isInstanceOf(RegistryException.class);
    assertThat(warnings.getFirst()).contains("one.test/library/alpine@" + digest);
  }

  @ParameterizedTest
  @CsvSource({
    "m, m, ''",
    "mirror.test, mirror.test, ''",
    "mirror:5000, mirror:5000, ''",
    "localhost, localhost, ''",
    "mirror.test/a/b, mirror.test, a/b",
    "docker.io, index.docker.io, ''"
  })
  void aTargetIsAHostAndAPath(String text, String registry, String prefix) {
    assertThat(Target.parse(text)).isEqualTo(new Target(registry, prefix));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a", "http://mirror.test", "mirror.test/UPPER", "a b", "m//b"})
  void whatIsNoPlaceIsRefused(String text) {
    assertThatThrownBy(() -> Target.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
