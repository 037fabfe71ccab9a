package dev.birgus.pusher.export;

import static dev.birgus.pusher.samples.SampleImages.image;
import static dev.birgus.pusher.samples.SampleImages.layer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSpec;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.pusher.content.LayerContent;
import dev.birgus.pusher.content.Progress;
import dev.birgus.pusher.image.FinishedImage;
import dev.birgus.pusher.image.ImageAssembler;
import dev.birgus.pusher.samples.NoSources;
import dev.birgus.pusher.samples.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciLayoutDirectoryTest {

  @TempDir private Path folder;

  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final OciLayoutDirectory layout =
      new OciLayoutDirectory(new LayerContent(store, new NoSources()), Progress.unheard());

  private static FinishedImage finished(ImageSpec spec) {
    return ImageAssembler.assemble(spec, Instant.EPOCH);
  }

  private static List<String> files(Path directory) throws IOException {
    try (var walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void theLayoutHoldsTheImageAndItsIndexNamesIt() throws Exception {
    var one = layer("one").in(store);
    var image = finished(image(Optional.empty(), one, one));
    var directory = folder.resolve("layout");

    layout.write(image, "1.0", directory);

    assertThat(files(directory))
        .containsExactlyInAnyOrder(
            "oci-layout",
            "index.json",
            "blobs/sha256/" + one.layer().blob().digest().hex(),
            "blobs/sha256/" + image.config().digest().hex(),
            "blobs/sha256/" + image.digest().hex());
    assertThat(directory.resolve("oci-layout")).hasContent("{\"imageLayoutVersion\": \"1.0.0\"}");
    assertThat(directory.resolve("index.json"))
        .hasContent(
            """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json",\
            "manifests":[{"mediaType":"application/vnd.docker.distribution.manifest.v2+json",\
            "size":%d,"digest":"%s",\
            "annotations":{"org.opencontainers.image.ref.name":"1.0"}}]}\
            """
                .formatted(image.manifest().bytes().length, image.digest()));
  }

  @Test
  void whatElseIsThereStaysAndASpoiltBlobIsMended() throws Exception {
    // given
    var one = layer("one").in(store);
    var blob = folder.resolve("blobs/sha256/" + one.layer().blob().digest().hex());
    Files.createDirectories(folder.resolve("blobs/sha256"));
    Files.write(blob, new byte[one.bytes().length]);
    Files.writeString(folder.resolve("notes"), "mine");

    // when
    layout.write(finished(image(Optional.empty(), one)), "latest", folder);

    // then
    assertThat(blob).hasBinaryContent(one.bytes());
    assertThat(folder.resolve("notes")).hasContent("mine");
  }

  @Test
  void aFailureLeavesTheLayoutAsItWas() throws Exception {
    // given
    var old = finished(image(Optional.empty(), layer("old").in(store)));
    layout.write(old, "latest", folder);
    var before = files(folder);
    var index = Files.readString(folder.resolve("index.json"));

    // when
    var image = finished(image(Optional.empty(), layer("new").in(store), layer("missing")));
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> layout.write(image, "latest", folder));

    // then
    assertThat(files(folder)).isEqualTo(before);
    assertThat(folder.resolve("index.json")).hasContent(index);
  }

  @Test
  void aFailureInANewPlaceLeavesNothing() throws Exception {
    var image = finished(image(Optional.empty(), layer("one").in(store), layer("missing")));

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> layout.write(image, "latest", folder.resolve("a/layout")));

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFileInTheWayIsNamed() throws Exception {
    var path = Files.writeString(folder.resolve("file"), "");
    var image = finished(image(Optional.empty(), layer("one").in(store)));

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> layout.write(image, "latest", path))
        .withMessage("cannot write the OCI layout %s: %s is not a directory", path, path);
  }

  @Test
  void skopeoReadsAnOciImageWithAndWithoutItsTag() throws Exception {
    var image = finished(image(Optional.of(MediaType.OCI_MANIFEST), layer("one").in(store)));
    layout.write(image, "1.0", folder);

    for (var name : List.of("oci:" + folder, "oci:" + folder + ":1.0")) {
      var inspected = Tool.run("skopeo", "inspect", "--raw", name);
      assertThat(inspected.output())
          .isEqualTo(new String(image.manifest().bytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void skopeoCopiesADockerImageOutOfTheLayout() throws Exception {
    var image = finished(image(Optional.empty(), layer("one").in(store)));
    layout.write(image, "1.0", folder.resolve("layout"));

    var copied =
        Tool.run(
            "skopeo",
            "copy",
            "--insecure-policy",
            "oci:" + folder.resolve("layout"),
            "dir:" + folder.resolve("copy"));

    assertThat(copied.exitCode()).as(copied.output()).isZero();
  }

  @Test
  void umociUnpacksAnImageOnAnOciBase() throws Exception {
    var image = finished(image(Optional.of(MediaType.OCI_MANIFEST), layer("one").in(store)));
    var directory = folder.resolve("layout");
    layout.write(image, "1.0", directory);

    var unpacked =
        Tool.run(
            "umoci",
            "raw",
            "unpack",
            "--rootless",
            "--image",
            directory + ":1.0",
            folder.resolve("rootfs").toString());

    assertThat(unpacked.exitCode()).as(unpacked.output()).isZero();
    assertThat(folder.resolve("rootfs/one")).hasContent("one");
  }
}
