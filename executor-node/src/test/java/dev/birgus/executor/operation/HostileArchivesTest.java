package dev.birgus.executor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.layer.UnpackLimits;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.testkit.HostileTar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives to ADD that were made to do harm stay in the root, or are refused by name. */
class HostileArchivesTest {

  private static final UnpackLimits LIMITS = new UnpackLimits(1000, 1000, 1 << 19, 1 << 22);

  @TempDir Path folder = Path.of("");
  private Path outside = Path.of("");

  @BeforeEach
  void canary() throws IOException {
    var isRoot = Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid"));
    assumeTrue(isRoot, "archives are unpacked by root only");
    outside = Files.createDirectories(folder.resolve("outside/a"));
    Files.writeString(outside.resolve("b"), "canary");
  }

  private void unpack(byte[] tar) throws IOException, InterruptedException {
    try (var around = LinuxFileSystem.open(folder)) {
      around.remove("root");
    }
    Files.createDirectories(folder.resolve("root/etc"));
    Files.createDirectory(folder.resolve("root/target"));
    // What an image may have: links that lead out of it, seen from the node.
    Files.createSymbolicLink(folder.resolve("root/a"), outside);
    Files.createSymbolicLink(folder.resolve("root/target/b"), outside);
    try (var files = LinuxFileSystem.open(folder.resolve("root"))) {
      new ArchiveUnpacker(files, "/target", Optional.empty(), 0, LIMITS)
          .unpack(new ByteArrayInputStream(tar), "a.tar");
    }
  }

  private void assertNothingElseIsThere() throws IOException {
    try (var beside = Files.list(folder);
        var there = Files.walk(folder.resolve("outside"))) {
      assertThat(beside)
          .containsExactlyInAnyOrder(folder.resolve("outside"), folder.resolve("root"));
      assertThat(there).hasSize(3);
    }
    assertThat(outside.resolve("b")).hasContent("canary");
    assertThat(Files.getAttribute(outside.resolve("b"), "unix:nlink")).isEqualTo(1);
    assertThat(Files.getAttribute(outside.resolve("b"), "unix:mode")).isEqualTo(0100644);
  }

  private void refuses(String failure, String text, HostileTar tar) {
    assertThatThrownBy(() -> unpack(tar.finished()))
        .hasMessageContaining(text)
        .isInstanceOfSatisfying(
            FailureException.class, e -> assertThat(e.failure().name()).isEqualTo(failure));
  }

  @Test
  void whateverComesIsContainedOrRefused() throws Exception {
    var contained = 0;
    for (var seed = 0; seed < 1000; seed++) {
      try {
        unpack(HostileTar.random(seed, outside.toString()));
        contained++;
      } catch (FailureException refused) {
        assertThat(refused.failure().name())
            .isIn("tar-broken", "tar-entry-unsupported", "not-a-directory", "archive-too-large");
      } catch (FileSystemException refused) {
        // Said with the path in the image and the line of the ADD.
        assertThat(refused.getFile()).startsWith("/");
      } catch (IOException | RuntimeException wrong) {
        throw new AssertionError("seed " + seed, wrong);
      }
      assertNothingElseIsThere();
    }
    assertThat(contained).isPositive();
  }

  @Test
  void archivesThatAskForTooMuchAreRefused() {
    var many = new HostileTar();
    for (var i = 0; i < 1001; i++) {
      many.file("f", "");
    }
    refuses("archive-too-large", "more than 1000 entries", many);
    refuses(
        "archive-too-large",
        "bytes in its files",
        new HostileTar()
            .records('x', "GNU.sparse.map", "0,1", "GNU.sparse.size", "1152921504606846976")
            .file("a", "x"));
  }

  @Test
  void aNameOfVeryManyDirectoriesIsRefused() {
    for (var key : List.of("path", "linkpath")) {
      var tar = new HostileTar().records('x', key, "a/".repeat(100_000) + "a");
      assertThatThrownBy(() -> unpack(tar.special('1', "f", "a").finished()))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("File name too long");
    }
  }
}
