package dev.birgus.pusher.image;

import static dev.birgus.pusher.samples.SampleImages.entry;
import static dev.birgus.pusher.samples.SampleImages.image;
import static dev.birgus.pusher.samples.SampleImages.layer;
import static dev.birgus.pusher.samples.SampleImages.plainLayer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageFormat;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ImageSpec;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.Manifest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImageAssemblerTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:11:12Z");
  private static final Digest BLOB = Digest.parse("sha256:" + "a".repeat(64));
  private static final Digest DIFF = Digest.parse("sha256:" + "b".repeat(64));
  private static final ImageSource BASE =
      new ImageSource.FromRegistry(ImageReference.parse("localhost:5000/base:1"));

  private static Layer layerOf(MediaType type) {
    return new Layer(Descriptor.of(type, BLOB, 42), DIFF, Optional.empty());
  }

  private static Layer baseLayer() {
    return new Layer(Descriptor.of(MediaType.OCI_LAYER_GZIP, BLOB, 42), DIFF, Optional.of(BASE));
  }

  private static ImageSpec spec(ImageConfig config, List<Layer> layers, List<Json.Obj> history) {
    return new ImageSpec(
        config,
        new StageResult(layers, history),
        Optional.of(MediaType.OCI_MANIFEST),
        Map.of("z", "last", "a", "first"),
        Optional.empty());
  }

  private static String text(Document document) {
    return new String(document.bytes(), StandardCharsets.UTF_8);
  }

  private static Json.Obj json(Document document) {
    return JsonText.parseObject(document.bytes());
  }

  @Test
  void anImageIsWrittenByteForByteLikeThis() {
    // given
    var config =
        ImageConfig.scratch(Platform.parse("linux/arm/v7"))
            .with("Env", Json.ofStrings(List.of("PATH=/bin")));
    var spec =
        spec(config, List.of(layerOf(MediaType.DOCKER_LAYER_GZIP)), List.of(entry("RUN true")));

    // when
    var image = ImageAssembler.assemble(spec, NOW);

    // then
    assertThat(text(image.config()))
        .isEqualTo(
            """
            {"created":"2026-11-23T10:11:12Z","architecture":"arm","variant":"v7","os":"linux",\
            "config":{"Env":["PATH=/bin"]},\
            "rootfs":{"type":"layers","diff_ids":["sha256:%s"]},\
            "history":[{"created":"2026-01-02T03:04:05Z","created_by":"RUN true"}]}\
            """
                .formatted("b".repeat(64)));
    assertThat(text(image.manifest()))
        .isEqualTo(
            """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
            "config":{"mediaType":"application/vnd.oci.image.config.v1+json","size":%d,\
            "digest":"%s"},\
            "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","size":42,\
            "digest":"sha256:%s"}],"annotations":{"a":"first","z":"last"}}\
            """
                .formatted(
                    image.config().bytes().length,
                    Digest.sha256(image.config().bytes()),
                    "a".repeat(64)));
    assertThat(image.digest()).isEqualTo(Digest.sha256(image.manifest().bytes()));
    assertThat(image.size()).isEqualTo(42);
  }

  @Test
  void scratchGivesADockerManifestWithDockerLayers() {
    var image = ImageAssembler.assemble(image(Optional.empty(), layer("a"), plainLayer("b")), NOW);

    var manifest =
        Manifest.parse(image.manifest().bytes(), image.manifest().descriptor().mediaType());
    assertThat(manifest.mediaType()).isEqualTo(MediaType.DOCKER_MANIFEST);
    assertThat(manifest.config().mediaType()).isEqualTo(MediaType.DOCKER_CONFIG);
    assertThat(manifest.layers())
        .extracting(Descriptor::mediaType)
        .containsExactly(MediaType.DOCKER_LAYER_GZIP, MediaType.DOCKER_LAYER);
    assertThat(image.layers())
        .extracting(layer -> layer.blob().mediaType())
        .containsExactly(MediaType.DOCKER_LAYER_GZIP, MediaType.DOCKER_LAYER);
  }

  @Test
  void anOciBaseTurnsDockerLayersIntoOciOnes() {
    var spec =
        image(
            Optional.of(MediaType.OCI_MANIFEST),
            layer("a").as(MediaType.DOCKER_LAYER_GZIP),
            plainLayer("b").as(MediaType.DOCKER_LAYER));

    var image = ImageAssembler.assemble(spec, NOW);

    assertThat(image.manifest().descriptor().mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
    assertThat(image.config().descriptor().mediaType()).isEqualTo(MediaType.OCI_CONFIG);
    assertThat(image.layers())
        .extracting(layer -> layer.blob().mediaType())
        .containsExactly(MediaType.OCI_LAYER_GZIP, MediaType.OCI_LAYER);
  }

  @Test
  void aZstdLayerMakesADockerBaseAnOciImage() {
    var spec =
        image(
            Optional.of(MediaType.DOCKER_MANIFEST),
            layer("a").as(MediaType.DOCKER_LAYER_GZIP),
            layer("b").as(MediaType.OCI_LAYER_ZSTD));

    var image = ImageAssembler.assemble(spec, NOW);

    assertThat(image.manifest().descriptor().mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
    assertThat(image.layers())
        .extracting(layer -> layer.blob().mediaType())
        .containsExactly(MediaType.OCI_LAYER_GZIP, MediaType.OCI_LAYER_ZSTD);
  }

  @Test
  void aFormatThatIsAskedForWinsOverThatOfTheBase() {
    var oci = image(Optional.of(MediaType.DOCKER_MANIFEST), layer("a")).in(ImageFormat.OCI);
    var docker = image(Optional.of(MediaType.OCI_MANIFEST), layer("a")).in(ImageFormat.DOCKER);

    var ocis = ImageAssembler.assemble(oci, NOW);
    var dockers = ImageAssembler.assemble(docker, NOW);

    assertThat(ocis.manifest().descriptor().mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
    assertThat(ocis.config().descriptor().mediaType()).isEqualTo(MediaType.OCI_CONFIG);
    assertThat(ocis.layers().getFirst().blob().mediaType()).isEqualTo(MediaType.OCI_LAYER_GZIP);
    assertThat(dockers.manifest().descriptor().mediaType()).isEqualTo(MediaType.DOCKER_MANIFEST);
    assertThat(dockers.config().descriptor().mediaType()).isEqualTo(MediaType.DOCKER_CONFIG);
    assertThat(dockers.layers().getFirst().blob().mediaType())
        .isEqualTo(MediaType.DOCKER_LAYER_GZIP);
  }

  @Test
  void aZstdLayerInDockersFormatIsRefusedByName() {
    var zstd = layer("b").as(MediaType.OCI_LAYER_ZSTD);
    var spec = image(Optional.of(MediaType.OCI_MANIFEST), zstd).in(ImageFormat.DOCKER);

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> ImageAssembler.assemble(spec, NOW))
        .withMessageContaining(zstd.layer().blob().digest() + " is compressed with zstd");
  }

  @Test
  void whatTheBaseImageSaysBeyondTheSpecificationStays() {
    var base =
        ImageConfig.parse(
            """
            {"os":"linux","architecture":"amd64","x-vendor":{"k":[1,null]},"author":"me",
             "config":{"Healthcheck":{"StartInterval":5},"NewThing":true}}\
            """
                .getBytes(StandardCharsets.UTF_8));

    var config = json(ImageAssembler.assemble(spec(base, List.of(), List.of()), NOW).config());

    assertThat(JsonText.text(config.object("x-vendor"))).isEqualTo("{\"k\":[1,null]}");
    assertThat(config.string("author")).contains("me");
    assertThat(JsonText.text(config.object("config")))
        .isEqualTo("{\"Healthcheck\":{\"StartInterval\":5},\"NewThing\":true}");
  }

  @Test
  void whatDockerWroteAboutAnotherContainerGoes() {
    var base =
        ImageConfig.parse(
            """
            {"os":"linux","architecture":"amd64","container":"c0ffee","id":"1","parent":"2",
             "container_config":{"Cmd":["x"]},"docker_version":"20.10"}\
            """
                .getBytes(StandardCharsets.UTF_8));

    var config = json(ImageAssembler.assemble(spec(base, List.of(), List.of()), NOW).config());

    assertThat(config.members().keySet())
        .containsExactly("created", "architecture", "os", "config", "rootfs", "history");
  }

  @Test
  void theTimeOfTheSpecificationWinsOverTheClock() {
    var plain = image(Optional.empty(), layer("a"));
    var pinned =
        new ImageSpec(
            plain.config(),
            plain.result(),
            plain.baseManifest(),
            Map.of(),
            Optional.of(Instant.EPOCH));

    var first = ImageAssembler.assemble(pinned, NOW);
    var second = ImageAssembler.assemble(pinned, NOW.plusSeconds(1));

    assertThat(json(first.config()).string("created")).contains("1970-01-01T00:00:00Z");
    assertThat(first.digest()).isEqualTo(second.digest());
  }

  @Test
  void aHistoryThatForgetsALayerWeMadeIsADefect() {
    var spec =
        spec(
            ImageConfig.scratch(Platform.of("linux", "amd64")),
            List.of(layerOf(MediaType.OCI_LAYER_GZIP)),
            List.of(entry("ENV a=b").with("empty_layer", Json.of(true))));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ImageAssembler.assemble(spec, NOW))
        .withMessage("the image has 1 layers but history for 0");
  }

  @Test
  void aHistoryThatInventsALayerIsADefect() {
    var spec =
        spec(
            ImageConfig.scratch(Platform.of("linux", "amd64")),
            List.of(),
            List.of(entry("RUN something")));

    assertThatIllegalArgumentException().isThrownBy(() -> ImageAssembler.assemble(spec, NOW));
  }

  @Test
  void aBaseImageWithoutHistoryGetsEntriesForItsLayers() {
    var spec =
        spec(
            ImageConfig.scratch(Platform.of("linux", "amd64")),
            List.of(baseLayer(), layerOf(MediaType.OCI_LAYER_GZIP)),
            List.of(entry("RUN ours")));

    var history = ImageConfig.parse(ImageAssembler.assemble(spec, NOW).config().bytes()).history();

    assertThat(history).hasSize(2);
    assertThat(history.getFirst().string("comment"))
        .contains("the base image does not say how it was made");
    assertThat(history.getLast().string("created_by")).contains("RUN ours");
  }

  @Test
  void aBaseImageWithTooMuchHistoryHasItsOldestEntriesMarkedEmpty() {
    var spec =
        spec(
            ImageConfig.scratch(Platform.of("linux", "amd64")),
            List.of(baseLayer(), layerOf(MediaType.OCI_LAYER_GZIP)),
            List.of(entry("old"), entry("newer"), entry("RUN ours")));

    var history = ImageConfig.parse(ImageAssembler.assemble(spec, NOW).config().bytes()).history();

    assertThat(history)
        .extracting(entry -> entry.get("empty_layer").isPresent())
        .containsExactly(true, false, false);
  }

  @Test
  void aLayerOfAKindWeDoNotKnowIsRefusedByName() {
    var foreign = new MediaType("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
    var spec =
        spec(
            ImageConfig.scratch(Platform.of("windows", "amd64")),
            List.of(layerOf(foreign)),
            List.of(entry("base")));

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> ImageAssembler.assemble(spec, NOW))
        .withMessageContaining(foreign.value())
        .withMessageContaining("not supported yet");
  }
}
