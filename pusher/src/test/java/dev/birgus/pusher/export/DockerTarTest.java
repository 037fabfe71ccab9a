package dev.birgus.pusher.export;

import static dev.birgus.pusher.samples.SampleImages.image;
import static dev.birgus.pusher.samples.SampleImages.layer;
import static dev.birgus.pusher.samples.SampleImages.plainLayer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ImageSpec;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.pusher.content.LayerContent;
import dev.birgus.pusher.content.Progress;
import dev.birgus.pusher.image.FinishedImage;
import dev.birgus.pusher.image.ImageAssembler;
import dev.birgus.pusher.samples.ListedSources;
import dev.birgus.pusher.samples.Tool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerTarTest {

  private static final ImageSource BASE = new ImageSource.FromLayout("/nowhere", "");

  @TempDir private Path folder;

  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final ListedSources sources = new ListedSources();
  private final DockerTar tar = new DockerTar(new LayerContent(store, sources), Progress.unheard());

  private static FinishedImage finished(ImageSpec spec) {
    return ImageAssembler.assemble(spec, Instant.EPOCH);
  }

  private static List<TarArchiveEntry> entries(byte[] archive) throws IOException {
    var entries = new ArrayList<TarArchiveEntry>();
    try (var in = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private static String member(byte[] archive, String name) throws IOException {
    try (var in = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.getName().equals(name)) {
          return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
    }
    throw new AssertionError("no member " + name);
  }

  private List<Path> inFolder() throws IOException {
    try (var list = Files.list(folder)) {
      return list.toList();
    }
  }

  @Test
  void membersHaveKanikosNamesAndOrderAndSayNothingOfTheirMaker() throws Exception {
    // given
    var one = layer("one").in(store);
    var two = plainLayer("two").in(store);
    var image = finished(image(Optional.empty(), one, two, one));
    var path = folder.resolve("image.tar");

    // when
    tar.write(image, List.of("foo", "localhost:5000/bar", "foo:latest", "baz:1"), path);

    // then
    var bytes = Files.readAllBytes(path);
    var oneName = one.layer().blob().digest().hex() + ".tar.gz";
    var twoName = two.layer().blob().digest().hex() + ".tar.gz";
    assertThat(entries(bytes))
        .extracting(TarArchiveEntry::getName)
        .containsExactly(image.config().digest().toString(), oneName, twoName, "manifest.json");
    assertThat(entries(bytes))
        .allSatisfy(entry -> {
          assertThat(entry.isFile()).isTrue();
          assertThat(entry.getMode()).isEqualTo(0644);
          assertThat(entry.getLongUserId()).isZero();
          assertThat(entry.getLongGroupId()).isZero();
          assertThat(entry.getLastModifiedTime().toMillis()).isZero();
        });
    assertThat(member(bytes, "manifest.json"))
        .isEqualTo(
            """
            [{"Config":"%s","RepoTags":["foo:latest","localhost:5000/bar:latest","baz:1"],\
            "Layers":["%s","%s","%s"]}]\
            """
                .formatted(image.config().digest(), oneName, twoName, oneName));
    assertThat(inFolder()).containsExactly(path);
  }

  @Test
  void theProgressOfATarGoesByItsPath() throws Exception {
    var told = new ArrayList<String>();
    var one = layer("one").in(store);
    var path = folder.resolve("image.tar");

    new DockerTar(
            new LayerContent(store, sources),
            (kind, name, done, total) -> told.add(kind + " " + name + " " + done + "/" + total))
        .write(finished(image(Optional.empty(), one, one)), List.of(), path);

    var size = one.bytes().length;
    assertThat(told).containsExactly("PACK " + path + " " + size + "/" + size);
  }

  @Test
  void theSameImageGivesTheSameBytes() throws Exception {
    var image = finished(image(Optional.empty(), layer("one").in(store)));

    tar.write(image, List.of("a:1", "b:2"), folder.resolve("1.tar"));
    tar.write(image, List.of("a:1", "b:2"), folder.resolve("2.tar"));

    assertThat(folder.resolve("1.tar")).hasSameBinaryContentAs(folder.resolve("2.tar"));
  }

  @Test
  void aBaseLayerThatIsNotInTheStoreIsStreamedFromItsSource() throws Exception {
    var base = layer("base").from(BASE);
    sources.add(base);
    var path = folder.resolve("image.tar");

    tar.write(finished(image(Optional.empty(), base, layer("ours").in(store))), List.of(), path);

    assertThat(sources.opened()).containsExactly(base.layer().blob().digest());
    assertThat(store.digests()).doesNotContain(base.layer().blob().digest());
    assertThat(entries(Files.readAllBytes(path))).hasSize(4);
  }

  @Test
  void aLayerThatEndsTooEarlyLeavesNoTar() throws Exception {
    var base = layer("base").from(BASE);
    sources.spoil(base, new byte[3]);
    var image = finished(image(Optional.empty(), base));

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> tar.write(image, List.of(), folder.resolve("x/y/image.tar")))
        .withMessageContaining("cannot read layer " + base.layer().blob().digest())
        .withMessageContaining("but got 3");
    assertThat(inFolder()).isEmpty();
  }

  @Test
  void anOlderTarSurvivesAFailure() throws Exception {
    var path = Files.writeString(folder.resolve("image.tar"), "old");
    var image = finished(image(Optional.empty(), layer("nowhere")));

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> tar.write(image, List.of(), path))
        .withMessageContaining("not in the blob store");
    assertThat(path).hasContent("old");
    assertThat(inFolder()).containsExactly(path);
  }

  @Test
  void zstdLayersAreRefusedByName() {
    var spec =
        image(
            Optional.of(MediaType.OCI_MANIFEST),
            layer("one").as(MediaType.OCI_LAYER_ZSTD).in(store));

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> tar.write(finished(spec), List.of(), folder.resolve("image.tar")))
        .withMessageContaining("zstd");
  }

  @Test
  void skopeoReadsTheImageOutOfTheTar() throws Exception {
    var image =
        finished(image(Optional.empty(), layer("one").in(store), plainLayer("two").in(store)));
    var path = folder.resolve("image.tar");
    tar.write(image, List.of("example.com/foo:1"), path);

    var inspected = Tool.run("skopeo", "inspect", "--config", "--raw", "docker-archive:" + path);
    var copied =
        Tool.run(
            "skopeo",
            "copy",
            "--insecure-policy",
            "docker-archive:" + path,
            "dir:" + folder.resolve("dir"));

    assertThat(inspected.output())
        .isEqualTo(new String(image.config().bytes(), StandardCharsets.UTF_8));
    assertThat(copied.exitCode()).as(copied.output()).isZero();
  }

  @Test
  void podmanLoadsTheTar() throws Exception {
    var image = finished(image(Optional.empty(), layer("one").in(store)));
    var path = folder.resolve("image.tar");
    tar.write(image, List.of("localhost/birgus-docker-tar-test:1"), path);
    var storage = folder.resolve("storage");

    var loaded =
        Tool.run(
            "podman",
            "--root",
            storage.toString(),
            "--runroot",
            folder.resolve("run").toString(),
            "--storage-driver",
            "vfs",
            "load",
            "-i",
            path.toString());

    assertThat(loaded.output()).contains("localhost/birgus-docker-tar-test:1");
    assertThat(loaded.exitCode()).isZero();
  }
}
