package dev.birgus.infra.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.ImageIndex;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.Manifest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.infra.testkit.InMemoryRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoutingImageSourcesTest {

  private static final String EPOCH = "1970-01-01T00:00:00Z";

  private final InMemoryRegistry registry = new InMemoryRegistry();
  private final List<String> warnings = new ArrayList<>();
  private final ImageSources sources =
      new RoutingImageSources(
          registry.forEveryHost(), (_, message, context) -> warnings.add(message + context));

  private static ImageSource from(String reference) {
    return new ImageSource.FromRegistry(ImageReference.parse(reference));
  }

  private Descriptor blob(MediaType type, byte[] bytes) throws IOException {
    var blob = Descriptor.of(type, Digest.sha256(bytes), bytes.length);
    registry.pushBlob("app", blob, () -> new ByteArrayInputStream(bytes));
    return blob;
  }

  private Descriptor image(String platform, String tag) throws IOException {
    var tar = platform.getBytes(UTF_8);
    var config =
        ImageConfig.scratch(Platform.parse(platform))
            .finished(List.of(Digest.sha256(tar)), List.of(), EPOCH)
            .toBytes();
    var bytes =
        new Manifest(
                MediaType.OCI_MANIFEST,
                blob(MediaType.OCI_CONFIG, config),
                List.of(blob(MediaType.OCI_LAYER, tar)),
                Json.Obj.EMPTY)
            .toBytes();
    registry.pushManifest("app", tag, MediaType.OCI_MANIFEST, bytes);
    return Descriptor.of(MediaType.OCI_MANIFEST, Digest.sha256(bytes), bytes.length);
  }

  private static Descriptor forPlatform(Descriptor image, String platform) {
    var parts = platform.split("/");
    var json = Json.Obj.EMPTY.with("os", Json.of(parts[0])).with("architecture", Json.of(parts[1]));
    if (parts.length == 3) {
      json = json.with("variant", Json.of(parts[2]));
    }
    return new Descriptor(
        image.mediaType(), image.digest(), image.size(), Json.Obj.EMPTY.with("platform", json));
  }

  private Descriptor index(String tag, Descriptor... images) throws IOException {
    var bytes = new ImageIndex(MediaType.OCI_INDEX, List.of(images), Json.Obj.EMPTY).toBytes();
    registry.pushManifest("app", tag, MediaType.OCI_INDEX, bytes);
    return Descriptor.of(MediaType.OCI_INDEX, Digest.sha256(bytes), bytes.length);
  }

  @ParameterizedTest
  @CsvSource({
    "linux/amd64, linux/amd64",
    "linux/amd64/v3, linux/amd64/v2",
    "linux/arm/v7, linux/arm/v6",
    "linux/arm64, linux/arm64/v8",
    "linux/riscv64, linux/riscv64"
  })
  void theNearestImageAProcessorCanRunIsChosen(String wanted, String chosen) throws IOException {
    // given
    var platforms =
        List.of(
            "unknown/unknown",
            "linux/arm/v5",
            "linux/amd64/v4",
            "linux/arm/v6",
            "linux/amd64",
            "linux/amd64/v2",
            "linux/arm64/v8",
            "linux/riscv64");
    var images = new ArrayList<Descriptor>();
    for (var platform : platforms) {
      images.add(forPlatform(image(platform, platform.replace('/', '-')), platform));
    }
    index("multi", images.toArray(Descriptor[]::new));

    // when
    var image = sources.resolve("app", from("r.test/app:multi"), Platform.parse(wanted));

    // then
    assertThat(image.config().platform()).contains(Platform.parse(chosen));
  }

  @Test
  void anArmImageServesAnArm64MachineThatHasNothingBetter() throws IOException {
    index("multi", forPlatform(image("linux/arm/v7", "a"), "linux/arm/v7"));

    var image = sources.resolve("app", from("r.test/app:multi"), Platform.parse("linux/arm64"));

    assertThat(image.config().platform()).contains(Platform.parse("linux/arm/v7"));
  }

  @Test
  void aPlatformThatIsNotThereIsToldWithThoseThatAre() throws IOException {
    index(
        "multi",
        forPlatform(image("linux/s390x", "a"), "linux/s390x"),
        forPlatform(image("linux/arm/v7", "b"), "linux/arm/v7"));

    assertThatThrownBy(
            () -> sources.resolve("app", from("r.test/app:multi"), Platform.parse("linux/amd64")))
        .isInstanceOfSatisfying(
            RegistryException.class,
            missing -> {
              assertThat(missing.failure().message()).contains("linux/amd64");
              assertThat(missing.failure().advice()).contains("linux/s390x, linux/arm/v7");
            });
  }

  @Test
  void anIndexInAnIndexIsFollowed() throws IOException {
    var inner = index("inner", forPlatform(image("linux/amd64", "a"), "linux/amd64"));
    index("outer", inner);

    assertThat(sources.resolve("app", from("r.test/app:outer"), Platform.parse("linux/amd64")))
        .isNotNull();
  }

  @Test
  void aSingleImageForAnotherPlatformIsTakenWithAWarning() throws IOException {
    image("linux/s390x", "single");

    var image = sources.resolve("app", from("r.test/app:single"), Platform.parse("linux/amd64"));

    assertThat(image.config().platform()).contains(Platform.parse("linux/s390x"));
    assertThat(warnings).singleElement().asString().contains("linux/s390x", "linux/amd64");
  }

  @Test
  void anImageThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () -> sources.resolve("x", from("r.test/app:none"), Platform.parse("linux/amd64")))
        .hasMessageContaining("r.test/app:none");
  }

  @Test
  void schema1IsRefusedByName() throws IOException {
    registry.pushManifest(
        "app",
        "old",
        new MediaType("application/vnd.docker.distribution.manifest.v1+prettyjws"),
        "{\"schemaVersion\":1}".getBytes(UTF_8));

    assertThatThrownBy(
            () -> sources.resolve("x", from("r.test/app:old"), Platform.parse("linux/amd64")))
        .hasMessageContaining("schema 1");
  }

  @Test
  void aTarIsAnImageOfOneLayer(@TempDir Path folder) throws IOException {
    // given
    var plain = Files.write(folder.resolve("root.tar"), Archives.tar());
    var packed = Archives.gzipTar(folder.resolve("root.tgz"));

    for (var file : List.of(plain, packed)) {
      // when
      var source = new ImageSource.FromRootfsArchive(file.toString());
      var image = sources.resolve("root", source, Platform.parse("linux/arm64"));

      // then
      var layer = image.manifest().layers().getFirst();
      assertThat(layer.digest()).isEqualTo(Digest.sha256(Files.readAllBytes(file)));
      assertThat(image.config().diffIds()).containsExactly(Digest.sha256(Archives.tar()));
      assertThat(image.config().platform()).isEmpty();
      try (var input = sources.open(source, layer)) {
        assertThat(input.readAllBytes()).isEqualTo(Files.readAllBytes(file));
      }
    }
  }

  @Test
  void aPlainTarIsCompressedOnceAndAgainWhenItHasChanged(@TempDir Path folder) throws IOException {
    // given
    var file = Files.write(folder.resolve("root.tar"), Archives.tar());
    var blobs = new InMemoryBlobStore();
    var source = new ImageSource.FromRootfsArchive(file.toString());
    var platform = Platform.parse("linux/amd64");

    // when
    var first = compressing(blobs, folder).resolve("root", source, platform);

    // then
    var layer = first.manifest().layers().getFirst();
    assertThat(layer.mediaType()).isEqualTo(MediaType.OCI_LAYER_GZIP);
    assertThat(layer.size()).isLessThan(Files.size(file));
    assertThat(first.config().diffIds()).containsExactly(Digest.sha256(Archives.tar()));
    try (var input = new GZIPInputStream(compressing(blobs, folder).open(source, layer))) {
      assertThat(input.readAllBytes()).isEqualTo(Archives.tar());
    }

    // and from now on its content is not even looked at
    var before = Files.getLastModifiedTime(file);
    var again = compressing(blobs, folder).resolve("root", source, platform);
    assertThat(again.digest()).isEqualTo(first.digest());
    var withoutBlob = compressing(new InMemoryBlobStore(), folder);
    assertThat(withoutBlob.resolve("root", source, platform).digest()).isEqualTo(first.digest());
    Files.write(file, new byte[10_240]);
    Files.setLastModifiedTime(file, before);
    var changed = compressing(blobs, folder).resolve("root", source, platform);
    assertThat(changed.config().diffIds()).containsExactly(Digest.sha256(new byte[10_240]));
  }

  private RoutingImageSources compressing(BlobStore blobs, Path folder) {
    var archives = new ArchiveBlobs(blobs, folder.resolve("notes"), 2);
    return new RoutingImageSources(
        registry.forEveryHost(), PullRoutes.DIRECT, Optional.of(archives), Journal.silent());
  }

  @Test
  void whatIsNoTarIsRefused(@TempDir Path folder) throws IOException {
    var file = Files.writeString(folder.resolve("root.tar"), "hello".repeat(1000));
    var cut =
        Files.write(
            folder.resolve("cut.tgz"),
            java.util.Arrays.copyOf(
                Files.readAllBytes(Archives.gzipTar(folder.resolve("whole.tgz"))), 60));
    for (var wrong : List.of(file, cut, folder.resolve("missing.tar"))) {
      var source = new ImageSource.FromRootfsArchive(wrong.toString());
      assertThatThrownBy(() -> sources.resolve("root", source, Platform.parse("linux/amd64")))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining(wrong.toString());
    }
  }

  @Test
  void aLayoutIsReadByNameAndItsBytesAreVerified(@TempDir Path folder) throws IOException {
    // given a layout of two images
    var blobs = Files.createDirectories(folder.resolve("blobs/sha256"));
    var entries = new ArrayList<Json>();
    for (var name : List.of("one", "two")) {
      var descriptor = image("linux/amd64", name);
      var manifest = registry.manifest("app", name).orElseThrow();
      Files.write(blobs.resolve(manifest.digest().hex()), manifest.bytes());
      var parsed = Manifest.parse(manifest.bytes(), manifest.mediaType());
      try (var input = registry.blob("app", parsed.config())) {
        Files.write(blobs.resolve(parsed.config().digest().hex()), input.readAllBytes());
      }
      entries.add(
          descriptor
              .toJson()
              .with(
                  "annotations",
                  Json.Obj.EMPTY.with("org.opencontainers.image.ref.name", Json.of(name))));
    }
    Files.write(
        folder.resolve("index.json"),
        JsonText.write(Json.Obj.EMPTY.with("manifests", new Json.Arr(entries))));

    // when, then
    var amd64 = Platform.parse("linux/amd64");
    var image = sources.resolve("x", new ImageSource.FromLayout(folder.toString(), "two"), amd64);
    assertThat(image.manifest().layers()).hasSize(1);
    assertThatThrownBy(
            () -> sources.resolve("x", new ImageSource.FromLayout(folder.toString(), ""), amd64))
        .hasMessageContaining("2 images");
    assertThatThrownBy(() ->
            sources.resolve("x", new ImageSource.FromLayout(folder.toString(), "three"), amd64))
        .hasMessageContaining("three");

    // and by a digest that is in the index, or only below it
    var digest =
        entries.getFirst() instanceof Json.Obj one
            ? one.string("digest")
            : Optional.<String>empty();
    var first = new ImageSource.FromLayout(folder.toString(), digest.orElseThrow());
    assertThat(sources.resolve("x", first, amd64).digest()).hasToString(digest.orElseThrow());
    var hidden = index("hidden", image("linux/amd64", "one"));
    var bytes = registry.manifest("app", "hidden").orElseThrow().bytes();
    Files.write(blobs.resolve(hidden.digest().hex()), bytes);
    var below = new ImageSource.FromLayout(folder.toString(), hidden.digest().toString());
    assertThat(new OciLayout(folder).find(below.tag()).mediaType()).isEqualTo(MediaType.OCI_INDEX);
    var unknown = new ImageSource.FromLayout(folder.toString(), "sha256:" + "0".repeat(64));
    assertThatThrownBy(() -> sources.resolve("x", unknown, amd64))
        .hasMessageContaining("it has no sha256:000");

    // and when somebody changes a byte
    var config = blobs.resolve(image.manifest().config().digest().hex());
    Files.writeString(config, Files.readString(config).replace("linux", "Linux"));
    assertThatThrownBy(
            () -> sources.resolve("x", new ImageSource.FromLayout(folder.toString(), "two"), amd64))
        .isInstanceOf(DigestMismatchException.class);
  }

  @Test
  void aDirectoryThatIsNoLayoutIsToldToBeNone(@TempDir Path folder) {
    assertThatThrownBy(() -> new OciLayout(folder).find(""))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("index.json");
  }

  @Test
  void ofSeveralImagesOfALayoutTheLatestIsMeant(@TempDir Path folder) throws IOException {
    var entries = new ArrayList<Json>();
    for (var name : List.of("old", "latest")) {
      entries.add(
          image("linux/amd64", name)
              .toJson()
              .with(
                  "annotations",
                  Json.Obj.EMPTY.with("org.opencontainers.image.ref.name", Json.of(name))));
    }
    Files.write(
        folder.resolve("index.json"),
        JsonText.write(Json.Obj.EMPTY.with("manifests", new Json.Arr(entries))));

    assertThat(new OciLayout(folder).find("").annotations().values()).containsExactly("latest");
  }
}
