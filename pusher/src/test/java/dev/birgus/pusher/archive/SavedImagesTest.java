package dev.birgus.pusher.archive;

import static dev.birgus.pusher.samples.SampleImages.image;
import static dev.birgus.pusher.samples.SampleImages.layer;
import static dev.birgus.pusher.samples.SampleImages.plainLayer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.Zstd;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.pusher.content.LayerContent;
import dev.birgus.pusher.content.Progress;
import dev.birgus.pusher.export.DockerTar;
import dev.birgus.pusher.export.OciLayoutDirectory;
import dev.birgus.pusher.image.FinishedImage;
import dev.birgus.pusher.image.ImageAssembler;
import dev.birgus.pusher.samples.NoSources;
import dev.birgus.pusher.samples.SampleImages.Sample;
import dev.birgus.pusher.samples.Tool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedImagesTest {

  @TempDir private Path folder;

  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final InMemoryBlobStore made = new InMemoryBlobStore();
  private final LayerContent content = new LayerContent(store, new NoSources());

  private SavedImage read(Path path) {
    return new SavedImages(made, 2).read(path);
  }

  private FinishedImage finished(MediaType family, Sample... samples) {
    for (var sample : samples) {
      sample.in(store);
    }
    return ImageAssembler.assemble(image(Optional.of(family), samples), Instant.EPOCH);
  }

  private static byte[] bytes(SavedImage image, Digest digest) throws IOException {
    try (InputStream in = image.layers().open(digest)) {
      return in.readAllBytes();
    }
  }

  @Test
  void aLayoutComesBackByteForByte() throws Exception {
    // given
    var one = layer("one");
    var image = finished(MediaType.OCI_MANIFEST, one, layer("two"));
    new OciLayoutDirectory(content, Progress.unheard()).write(image, "1", folder.resolve("layout"));

    // when
    var saved = read(folder.resolve("layout"));

    // then
    assertThat(saved.digest()).isEqualTo(image.digest());
    assertThat(saved.images().getFirst().config().bytes()).isEqualTo(image.config().bytes());
    assertThat(bytes(saved, one.layer().blob().digest())).isEqualTo(one.bytes());
  }

  @Test
  void aTarOfALayoutIsReadInPlace() throws Exception {
    var one = layer("one");
    var image = finished(MediaType.OCI_MANIFEST, one);
    new OciLayoutDirectory(content, Progress.unheard()).write(image, "1", folder.resolve("layout"));
    var tarred =
        Tool.run(
            "tar", "-C", folder.resolve("layout").toString(), "-cf", folder + "/layout.tar", ".");
    assertThat(tarred.exitCode()).as(tarred.output()).isZero();

    var saved = read(folder.resolve("layout.tar"));

    assertThat(saved.digest()).isEqualTo(image.digest());
    assertThat(bytes(saved, one.layer().blob().digest())).isEqualTo(one.bytes());
    assertThat(made.digests()).isEmpty();
  }

  @Test
  void aDockerTarOfOursKeepsItsDigest() throws Exception {
    var one = layer("one", 70_000);
    var image = finished(MediaType.DOCKER_MANIFEST, one, one, layer("two"));
    new DockerTar(content, Progress.unheard())
        .write(image, List.of("app:1"), folder.resolve("image.tar"));

    var saved = read(folder.resolve("image.tar"));

    assertThat(saved.digest()).isEqualTo(image.digest());
    assertThat(bytes(saved, one.layer().blob().digest())).isEqualTo(one.bytes());
  }

  @Test
  void plainLayersAreCompressedAndLinksFollowed() throws Exception {
    // given
    var one = plainLayer("one");
    var image = finished(MediaType.DOCKER_MANIFEST, one, one);
    var file = folder.resolve("saved.tar");
    var long1 = "very-long-name/".repeat(12) + "layer.tar";
    var config = image.config().bytes();
    try (var tar = new TarArchiveOutputStream(Files.newOutputStream(file), "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      add(tar, "config.json", config);
      add(tar, long1, one.bytes());
      var link = new TarArchiveEntry("second/layer.tar", TarConstants.LF_SYMLINK);
      link.setLinkName("../" + long1);
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
      var manifest =
          "[{\"Config\":\"config.json\",\"RepoTags\":[],\"Layers\":[\""
              + long1
              + "\",\"second/layer.tar\"]}]";
      add(tar, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
    }

    // when
    var saved = read(file);

    // then
    var read = saved.images().getFirst();
    assertThat(read.config().bytes()).isEqualTo(config);
    assertThat(read.layers()).hasSize(2);
    var blob = read.layers().getFirst().blob();
    assertThat(blob.mediaType()).isEqualTo(MediaType.DOCKER_LAYER_GZIP);
    var packed = bytes(saved, blob.digest());
    assertThat(packed).hasSize((int) blob.size());
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      assertThat(gzip.readAllBytes()).isEqualTo(one.bytes());
    }
  }

  @Test
  void aLayerThatIsNotWhatTheConfigurationMeansIsRefused() throws Exception {
    for (var layers :
        List.of(
            List.of(layer("one"), layer("two")), List.of(plainLayer("one"), plainLayer("two")))) {
      // given
      var image = finished(MediaType.DOCKER_MANIFEST, layers.getFirst());
      var file = folder.resolve("saved.tar");
      try (var tar = new TarArchiveOutputStream(Files.newOutputStream(file), "UTF-8")) {
        add(tar, "config.json", image.config().bytes());
        add(tar, "other", layers.getLast().bytes());
        var manifest = "[{\"Config\":\"config.json\",\"Layers\":[\"other\"]}]";
        add(tar, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
      }

      // then
      assertThatExceptionOfType(FailureException.class)
          .isThrownBy(() -> read(file))
          .withMessageContaining("layer other is not what its configuration says");
    }
  }

  private Path savedWith(byte[] layer, FinishedImage image) throws IOException {
    var file = folder.resolve("zstd.tar");
    try (var tar = new TarArchiveOutputStream(Files.newOutputStream(file), "UTF-8")) {
      add(tar, "config.json", image.config().bytes());
      add(tar, "packed", layer);
      var manifest = "[{\"Config\":\"config.json\",\"Layers\":[\"packed\"]}]";
      add(tar, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  @Test
  void aLayerPackedWithZstdIsUnpackedToSeeWhetherItIsTheRightOne() throws Exception {
    // given
    var plain = plainLayer("one");
    var image = finished(MediaType.DOCKER_MANIFEST, plain);
    var packed = Zstd.compress(plain.bytes());

    // then
    var saved = read(savedWith(packed, image));
    var blob = saved.images().getFirst().layers().getFirst().blob();
    assertThat(blob.mediaType()).isEqualTo(MediaType.OCI_LAYER_ZSTD);
    assertThat(bytes(saved, blob.digest())).isEqualTo(packed);
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> read(savedWith(Zstd.compress(plainLayer("two").bytes()), image)))
        .withMessageContaining("layer packed is not what its configuration says");
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> read(savedWith(Arrays.copyOf(packed, packed.length - 5), image)))
        .withMessageContaining("layer packed is damaged");
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] bytes)
      throws IOException {
    var entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  @Test
  void aTarThatIsCutOffIsRefused() throws Exception {
    var image = finished(MediaType.DOCKER_MANIFEST, layer("one", 70_000));
    var file = folder.resolve("image.tar");
    new DockerTar(content, Progress.unheard()).write(image, List.of("app:1"), file);
    var bytes = Files.readAllBytes(file);
    for (var length : List.of(0, 100, 512, 2000, 40_000)) {
      Files.write(file, java.util.Arrays.copyOf(bytes, length));

      assertThatExceptionOfType(FailureException.class)
          .as("%s bytes", length)
          .isThrownBy(() -> read(file))
          .extracting(FailureException::failure)
          .extracting(Failure::name)
          .isEqualTo("saved-image-unreadable");
    }
  }

  @Test
  void aLayerOfALayoutThatIsMissingIsNamed() throws Exception {
    var one = layer("one");
    var image = finished(MediaType.OCI_MANIFEST, one);
    var layout = folder.resolve("layout");
    new OciLayoutDirectory(content, Progress.unheard()).write(image, "1", layout);
    Files.delete(layout.resolve("blobs/sha256/" + one.layer().blob().digest().hex()));

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> read(layout))
        .withMessageContaining(one.layer().blob().digest().hex());
  }

  @Test
  void whatIsNoImageIsRefusedWithAHint() throws Exception {
    Files.write(folder.resolve("a.tar.gz"), new byte[] {0x1f, (byte) 0x8b, 8});

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> read(folder.resolve("a.tar.gz")))
        .withMessageContaining("it is compressed");
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> read(folder))
        .withMessageContaining("neither a manifest.json nor an index.json");
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> read(folder.resolve("nowhere")))
        .withMessageContaining("there is no such file");
  }
}
