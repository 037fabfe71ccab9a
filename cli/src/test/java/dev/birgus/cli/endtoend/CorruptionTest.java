package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that are not what they should be, and disks with no room for them. */
class CorruptionTest {

  @TempDir static Path shared;
  private static Path base = Path.of("/");

  @TempDir Path folder;

  @BeforeAll
  static void aBaseImage() throws IOException, InterruptedException {
    Tool.needRoot();
    base = Roots.busybox(shared);
  }

  private BirgusProcess.Outcome build(Path state, String dockerfile, String... more)
      throws IOException, InterruptedException {
    Files.writeString(folder.resolve("Dockerfile"), dockerfile);
    var arguments =
        new ArrayList<>(List.of("build", "-c", ".", "--no-push", "--tar-path", "image.tar"));
    arguments.addAll(List.of(more));
    var outcome = new BirgusProcess(state, folder).run(arguments.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(1);
    assertThat(outcome.err()).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(folder.resolve("image.tar")).doesNotExist();
    return outcome;
  }

  private static UnaryOperator<byte[]> flippedAt(int place) {
    return bytes -> {
      var changed = bytes.clone();
      changed[place < 0 ? bytes.length + place : place] ^= 1;
      return changed;
    };
  }

  private String ofRegistry(UnaryOperator<CorruptRegistry> spoiled, String reference)
      throws IOException, InterruptedException {
    try (var registry = spoiled.apply(new CorruptRegistry(Files.readAllBytes(base)))) {
      var name = registry.image() + reference.replace("DIGEST", registry.digest().toString());
      return build(folder.resolve("state"), "FROM " + name + "\nRUN true\n").err();
    }
  }

  @Test
  void aLayerWithAChangedByteIsCalledCorrupt() throws Exception {
    assertThat(ofRegistry(registry -> registry.spoilLayer(flippedAt(5000)), ":1"))
        .contains("a layer of an image is corrupt: expected content with digest sha256:")
        .contains("Try again");
    assertThat(ofRegistry(registry -> registry.spoilLayer(flippedAt(-1)), ":1"))
        .contains("a layer of an image is corrupt");
  }

  @Test
  void aLayerOfAnotherLengthIsCalledCorrupt() throws Exception {
    assertThat(
            ofRegistry(
                registry -> registry.spoilLayer(bytes -> Arrays.copyOf(bytes, bytes.length - 9)),
                ":1"))
        .contains("a layer of an image is corrupt: expected ");
    assertThat(
            ofRegistry(
                registry -> registry.spoilLayer(bytes -> Arrays.copyOf(bytes, bytes.length + 9)),
                ":1"))
        .contains("a layer of an image is corrupt: expected ");
  }

  @Test
  void aCorruptConfigurationIsToldInItsLine() throws Exception {
    assertThat(ofRegistry(registry -> registry.spoilConfig(flippedAt(10)), ":1"))
        .contains("Dockerfile:1")
        .contains("/app:1 is corrupt: expected content with digest sha256:");
  }

  @Test
  void aManifestThatIsNotItsDigestIsToldInItsLine() throws Exception {
    assertThat(ofRegistry(registry -> registry.spoilManifest(flippedAt(10)), "@DIGEST"))
        .contains("Dockerfile:1")
        .contains("what the registry sent has the digest sha256:");
  }

  @Test
  void aFullDiskIsToldWhileABaseIsUnpacked() throws Exception {
    try (var disk = SmallDisk.mount(folder.resolve("disk"), 4)) {
      var outcome =
          build(
              disk.path().resolve("state"),
              "FROM base\nRUN true\n",
              "--build-context",
              "base=" + large(8));

      assertThat(outcome.err())
          .contains("no space is left for")
          .contains("free some space")
          .contains(disk.path().resolve("state").toString())
          .contains("--state-dir");
    }
  }

  @Test
  void aFullDiskIsToldInTheLineOfTheStepThatFillsIt() throws Exception {
    Files.copy(large(16), folder.resolve("big"));
    try (var disk = SmallDisk.mount(folder.resolve("disk"), 8)) {
      // Only what a later step runs on is copied.
      var outcome =
          build(
              disk.path().resolve("state"),
              "FROM base\nCOPY big /\nRUN true\n",
              "--build-context",
              "base=" + base);

      assertThat(outcome.err())
          .contains("Dockerfile:2")
          .contains("no space is left for /big")
          .contains(disk.path().resolve("state").toString())
          .contains("--state-dir");
    }
  }

  @Test
  void aFullDiskIsToldWhileALayerIsPacked() throws Exception {
    Files.copy(large(16), folder.resolve("big"));
    try (var disk = SmallDisk.mount(folder.resolve("disk"), 8)) {
      var outcome = build(disk.path().resolve("state"), "FROM scratch\nCOPY big /\n");

      assertThat(outcome.err()).contains("no space is left for");
    }
  }

  @Test
  void aFullDiskIsToldWhileTheArchiveIsWrittenAndNothingOfItIsLeft() throws Exception {
    Files.copy(large(6), folder.resolve("big"));
    try (var disk = SmallDisk.mount(folder.resolve("disk"), 2)) {
      var archive = disk.path().resolve("image.tar");
      var outcome =
          build(
              folder.resolve("state"),
              "FROM scratch\nCOPY big /\n",
              "--tar-path",
              archive.toString());

      assertThat(outcome.err()).contains(archive.toString()).containsIgnoringCase("no space left");
      try (var left = Files.list(disk.path())) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void aDiskThatIsFullFromTheStartIsNamed() throws Exception {
    try (var disk = SmallDisk.mount(folder.resolve("disk"), 1)) {
      disk.fill();
      var outcome = build(disk.path().resolve("state"), "FROM scratch\nCOPY Dockerfile /\n");

      assertThat(outcome.err()).contains("no space is left for");
    }
  }

  /** A tar of one incompressible file of so many megabytes. */
  private Path large(int megabytes) throws IOException, InterruptedException {
    var content = new byte[megabytes << 20];
    new Random(1).nextBytes(content);
    var file = Files.write(folder.resolve("content"), content);
    var tar = folder.resolve("large.tar");
    Tool.sh(folder, "tar -cf '" + tar + "' content");
    Files.delete(file);
    return tar;
  }
}
