package dev.birgus.ingest.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.node.PlainTree;
import dev.birgus.infra.testkit.HostileTar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of build contexts that were made to do harm are contained, or refused by name. */
class HostileContextsTest {

  private static final UnpackLimits LIMITS = new UnpackLimits(10_000, 1 << 20);

  @TempDir Path folder;
  private Path outside = Path.of("");
  private Path root = Path.of("");

  @BeforeEach
  void canary() throws IOException {
    outside = Files.createDirectories(folder.resolve("outside/a"));
    Files.writeString(outside.resolve("b"), "canary");
    root = folder.resolve("root");
  }

  private void unpack(byte[] tar) {
    var _ = new TarUnpacker(LIMITS).unpack(new ByteArrayInputStream(tar), "a.tar", root);
  }

  private void assertNothingElseIsThere() throws IOException {
    try (var all = Files.walk(folder)) {
      var paths = all.map(path -> folder.relativize(path).toString()).sorted().toList();
      assertThat(paths).isEqualTo(List.of("", "outside", "outside/a", "outside/a/b"));
    }
    assertThat(outside.resolve("b")).hasContent("canary");
    assertThat(Files.getAttribute(outside.resolve("b"), "unix:nlink")).isEqualTo(1);
  }

  private void refuses(String text, HostileTar tar) {
    assertThatThrownBy(() -> unpack(tar.finished()))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining(text);
    assertThat(root).doesNotExist();
  }

  @Test
  void whateverComesIsContainedOrRefusedByName() throws IOException {
    var contained = 0;
    for (var seed = 0; seed < 800; seed++) {
      try {
        unpack(HostileTar.random(seed, outside.toString()));
        contained++;
      } catch (FailureException refused) {
        assertThat(refused.failure().name()).isIn("bad-archive", "empty-archive");
        assertThat(root).doesNotExist();
      } catch (RuntimeException | Error wrong) {
        throw new AssertionError("seed " + seed, wrong);
      }
      PlainTree.remove(root);
      if (seed % 100 == 0) {
        assertNothingElseIsThere();
      }
    }
    assertNothingElseIsThere();
    assertThat(contained).isPositive();
  }

  @Test
  void aNameOfVeryManyDirectoriesIsRefused() {
    for (var key : List.of("path", "linkpath")) {
      var name = "a/".repeat(200_000) + "a";
      refuses("longer than", new HostileTar().records('x', key, name).special('1', "f", "a"));
    }
  }

  @Test
  void recordsForAllEntriesDoNotGatherWithoutLimit() {
    var tar = new HostileTar();
    for (var i = 0; i < 10; i++) {
      tar.records('g', "key" + i, "v".repeat(500_000)).file("f" + i, "");
    }
    refuses("extended headers", tar);
  }

  @Test
  void aFileOfHolesIsRefusedBeforeItIsWritten() {
    refuses(
        "more than " + LIMITS.bytes() + " bytes",
        new HostileTar()
            .records(
                'x',
                "GNU.sparse.map",
                "0,1",
                "GNU.sparse.size",
                "2000000000",
                "GNU.sparse.name",
                "holes")
            .file("a", "x"));
  }

  @Test
  void aHeaderOfANegativeSizeIsRefused() {
    var minusOne = new byte[12];
    java.util.Arrays.fill(minusOne, (byte) 0xff);
    for (var type : "xgLK0".toCharArray()) {
      refuses("a.tar", new HostileTar().header(type, "n", "", minusOne));
    }
  }
}
