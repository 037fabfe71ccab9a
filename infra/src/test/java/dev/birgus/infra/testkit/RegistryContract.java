package dev.birgus.infra.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.blobs.BulkInputStream;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageIndex;
import dev.birgus.infra.oci.Manifest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.registry.Registry;
import dev.birgus.infra.registry.RegistryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every registry does. */
public interface RegistryContract {

  /** A registry; it may hold what other tests pushed. */
  Registry registry() throws IOException;

  /** A repository no other test uses. */
  private static String fresh(String test) {
    return "kit/" + test + "-" + Long.toString(System.nanoTime(), 36);
  }

  private static Descriptor layer(byte[] bytes) {
    return Descriptor.of(MediaType.OCI_LAYER_GZIP, Digest.sha256(bytes), bytes.length);
  }

  private static byte[] random(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static Descriptor push(Registry registry, String repository, byte[] bytes)
      throws IOException {
    var blob = layer(bytes);
    registry.pushBlob(repository, blob, () -> new ByteArrayInputStream(bytes));
    return blob;
  }

  private static byte[] pushImage(Registry registry, String repository, String tag)
      throws IOException {
    var config = "{\"os\":\"linux\",\"architecture\":\"amd64\"}".getBytes(UTF_8);
    var configBlob = push(registry, repository, config).withMediaType(MediaType.OCI_CONFIG);
    var layer = push(registry, repository, random(1000));
    var manifest =
        new Manifest(MediaType.OCI_MANIFEST, configBlob, List.of(layer), Json.Obj.EMPTY).toBytes();
    registry.pushManifest(repository, tag, MediaType.OCI_MANIFEST, manifest);
    return manifest;
  }

  @Test
  default void aBlobComesBackAsItWasPushed() throws IOException {
    var registry = registry();
    var repository = fresh("blobs");
    for (var size : new int[] {0, 1, 65536, 3_000_001}) {
      // given
      var bytes = random(size);
      assertThat(registry.hasBlob(repository, Digest.sha256(bytes))).isFalse();

      // when
      var blob = push(registry, repository, bytes);

      // then
      assertThat(registry.hasBlob(repository, blob.digest())).isTrue();
      try (var input = registry.blob(repository, blob)) {
        assertThat(input.readAllBytes()).isEqualTo(bytes);
      }
    }
  }

  @Test
  default void aBlobThatIsNotWhatItsDescriptorSaysIsRefused() {
    var repository = fresh("lies");
    var blob = layer("truth".getBytes(UTF_8));
    assertThatThrownBy(() ->
            registry()
                .pushBlob(
                    repository, blob, () -> new ByteArrayInputStream("false".getBytes(UTF_8))))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("DIGEST_INVALID");
  }

  @Test
  default void aBlobThatIsNotThereIsSaidToBeMissing() {
    var blob = layer("nowhere".getBytes(UTF_8));
    assertThatThrownBy(() -> registry().blob(fresh("missing"), blob).close())
        .isInstanceOfSatisfying(
            RegistryException.class,
            missing -> assertThat(missing.failure().name()).isEqualTo("image-not-found"));
  }

  @Test
  default void aManifestIsFoundByItsTagAndByItsDigest() throws IOException {
    // given
    var registry = registry();
    var repository = fresh("manifests");

    // when
    var bytes = pushImage(registry, repository, "v1");

    // then
    var digest = Digest.sha256(bytes);
    for (var reference : new String[] {"v1", digest.toString()}) {
      var found = registry.manifest(repository, reference).orElseThrow();
      assertThat(found.bytes()).isEqualTo(bytes);
      assertThat(found.mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
      assertThat(registry.headManifest(repository, reference))
          .contains(Descriptor.of(MediaType.OCI_MANIFEST, digest, bytes.length));
    }
  }

  @Test
  default void aManifestThatIsNotThereIsNoError() throws IOException {
    assertThat(registry().manifest(fresh("none"), "v1")).isEmpty();
    assertThat(registry().headManifest(fresh("none"), "v1")).isEmpty();
  }

  @Test
  default void aManifestWithoutItsBlobsIsRefused() {
    var repository = fresh("incomplete");
    var missing = layer("missing".getBytes(UTF_8));
    var manifest =
        new Manifest(MediaType.OCI_MANIFEST, missing, List.of(missing), Json.Obj.EMPTY).toBytes();
    assertThatThrownBy(
            () -> registry().pushManifest(repository, "v1", MediaType.OCI_MANIFEST, manifest))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("cannot write");
  }

  @Test
  default void aBlobIsPushedWhileNobodyKnowsItsDigest() throws IOException {
    var registry = registry();
    var repository = fresh("streamed");
    for (var size : new int[] {0, 1, 3_000_001}) {
      // given
      var bytes = random(size);

      // when
      var blob =
          registry.pushBlob(
              repository, MediaType.OCI_LAYER_GZIP, () -> new ByteArrayInputStream(bytes));

      // then
      assertThat(blob).isEqualTo(layer(bytes));
      try (var input = registry.blob(repository, blob)) {
        assertThat(input.readAllBytes()).isEqualTo(bytes);
      }
    }
  }

  @Test
  default void contentThatBreaksIsNotTakenForAWholeBlob() throws IOException {
    var registry = registry();
    var repository = fresh("broken");
    var bytes = random(100_000);
    assertThatThrownBy(() ->
            registry.pushBlob(
                repository,
                MediaType.OCI_LAYER_GZIP,
                () ->
                    new SequenceInputStream(
                        new ByteArrayInputStream(bytes),
                        new BulkInputStream() {
                          @Override
                          public int read(byte[] buffer, int offset, int length)
                              throws IOException {
                            throw new IOException("disk on fire");
                          }
                        })))
        .hasMessage("disk on fire");
    assertThat(registry.hasBlob(repository, Digest.sha256(bytes))).isFalse();
  }

  @Test
  default void theTagsOfARepositoryAreListed() throws IOException {
    var registry = registry();
    var repository = fresh("tags");
    assertThat(registry.tagNames(repository)).isEmpty();

    pushImage(registry, repository, "v1");
    pushImage(registry, repository, "v2");

    assertThat(registry.tagNames(repository)).containsExactlyInAnyOrder("v1", "v2");
  }

  @Test
  default void aTagMoves() throws IOException {
    var registry = registry();
    var repository = fresh("moved");
    pushImage(registry, repository, "v1");
    var other =
        push(registry, repository, "{}".getBytes(UTF_8)).withMediaType(MediaType.OCI_CONFIG);
    var manifest = new Manifest(MediaType.OCI_MANIFEST, other, List.of(), Json.Obj.EMPTY).toBytes();

    registry.pushManifest(repository, "v1", MediaType.OCI_MANIFEST, manifest);

    assertThat(registry.manifest(repository, "v1").orElseThrow().bytes()).isEqualTo(manifest);
  }

  @Test
  default void everyTypeOfManifestAndIndexIsKeptAsItIs() throws IOException {
    var registry = registry();
    var repository = fresh("types");
    for (var type : List.of(MediaType.OCI_MANIFEST, MediaType.DOCKER_MANIFEST)) {
      // given
      var docker = type.isDocker();
      var config =
          push(registry, repository, "{\"os\":\"linux\"}".getBytes(UTF_8))
              .withMediaType(docker ? MediaType.DOCKER_CONFIG : MediaType.OCI_CONFIG);
      var layer =
          push(registry, repository, random(700))
              .withMediaType(docker ? MediaType.DOCKER_LAYER_GZIP : MediaType.OCI_LAYER_ZSTD);
      var image = new Manifest(type, config, List.of(layer), Json.Obj.EMPTY).toBytes();
      var described = Descriptor.of(type, Digest.sha256(image), image.length);
      var many = docker ? MediaType.DOCKER_INDEX : MediaType.OCI_INDEX;
      var platform =
          Json.Obj.EMPTY.with("os", Json.of("linux")).with("architecture", Json.of("arm64"));
      var member =
          new Descriptor(
              type,
              described.digest(),
              described.size(),
              Json.Obj.EMPTY.with("platform", platform));
      var index = new ImageIndex(many, List.of(member), Json.Obj.EMPTY).toBytes();

      // when
      registry.pushManifest(repository, described.digest().toString(), type, image);
      registry.pushManifest(repository, "many", many, index);

      // then
      var found = registry.manifest(repository, "many").orElseThrow();
      assertThat(found.mediaType()).isEqualTo(many);
      assertThat(found.bytes()).isEqualTo(index);
      assertThat(registry.headManifest(repository, described.digest().toString()))
          .contains(described);
    }
  }

  @Test
  default void whatIsAboutAnImageIsFoundByTheImage() throws IOException {
    // given
    var registry = registry();
    var repository = fresh("subject");
    var bytes = pushImage(registry, repository, "v1");
    var subject = Descriptor.of(MediaType.OCI_MANIFEST, Digest.sha256(bytes), bytes.length);
    assertThat(registry.referrers(repository, subject.digest())).isEmpty();
    var empty =
        push(registry, repository, "{}".getBytes(UTF_8))
            .withMediaType(new MediaType("application/vnd.oci.empty.v1+json"));

    for (var kind : List.of("signature", "sbom")) {
      // when
      var other =
          Json.Obj.EMPTY
              .with("artifactType", Json.of("application/x." + kind))
              .with("subject", subject.toJson())
              .with("annotations", Json.ofStrings(java.util.Map.of("kind", kind)));
      var referrer = new Manifest(MediaType.OCI_MANIFEST, empty, List.of(empty), other).toBytes();
      var digest = Digest.sha256(referrer);
      registry.pushManifest(repository, digest.toString(), MediaType.OCI_MANIFEST, referrer);

      // then
      assertThat(registry.referrers(repository, subject.digest()))
          .anySatisfy(found -> {
            assertThat(found.digest()).isEqualTo(digest);
            assertThat(found.other().string("artifactType")).contains("application/x." + kind);
            assertThat(found.annotations()).containsEntry("kind", kind);
          });
    }
    assertThat(registry.referrers(repository, subject.digest())).hasSize(2);
  }

  @Test
  default void aBlobIsTakenOverFromAnotherRepository() throws IOException {
    var registry = registry();
    var from = fresh("from");
    var to = fresh("to");
    var blob = push(registry, from, random(5000));

    assertThat(registry.mountBlob(to, blob.digest(), from)).isTrue();
    assertThat(registry.hasBlob(to, blob.digest())).isTrue();
    assertThat(registry.mountBlob(to, Digest.sha256(random(3)), from)).isFalse();
  }

  @Test
  default void manyBlobsMayBePushedAtOnce() throws Exception {
    var registry = registry();
    var repository = fresh("many");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var pushes =
          IntStream.range(0, 16)
              .<Callable<Descriptor>>mapToObj(
                  i -> () -> push(registry, repository, random(10_000 + i)))
              .toList();
      for (var done : threads.invokeAll(pushes)) {
        assertThat(registry.hasBlob(repository, done.get().digest())).isTrue();
      }
    }
  }

  @Test
  default void whetherWeMayPushLeavesNothingBehind() throws IOException {
    var repository = fresh("allowed");

    registry().checkPush(repository);

    assertThat(registry().tagNames(repository)).isEmpty();
  }
}
