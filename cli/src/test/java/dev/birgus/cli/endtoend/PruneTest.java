package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.node.Leases;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.ingest.context.BlobContextStore;
import dev.birgus.ingest.context.ContextPacker;
import dev.birgus.ingest.context.UnpackLimits;
import dev.birgus.ingest.ignore.IgnoreRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept from builds goes: by itself when it is too much, and when it is asked to. */
class PruneTest {

  @TempDir static Path shared;
  private static Path base = Path.of("/");

  @TempDir Path folder;

  @BeforeAll
  static void aBaseImage() throws IOException, InterruptedException {
    Tool.needRoot();
    base = Roots.busybox(shared);
  }

  private BirgusProcess birgus() {
    return new BirgusProcess(folder.resolve("state"), folder);
  }

  private void build(String text, String... more) throws IOException, InterruptedException {
    Files.writeString(
        folder.resolve("Dockerfile"), "FROM base\nRUN echo " + text + " > /f\nRUN cat /f\n");
    var arguments = new java.util.ArrayList<String>();
    arguments.addAll(
        java.util.List.of("build", "-c", ".", "--build-context", "base=" + base, "--no-push"));
    arguments.addAll(java.util.List.of(more));
    var outcome = birgus().run(arguments.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
  }

  private String kept(String kind) throws IOException, InterruptedException {
    return Tool.sh(folder, "ls state/" + kind + " | grep -E '^[0-9a-f]{32}' | wc -l").strip();
  }

  @Test
  void whatWasMadeGoesFirstAndThenEverything() throws IOException, InterruptedException {
    // given a base and a step, each as a blob and unpacked
    build("one");
    assertThat(kept("blobs/sha256")).isEqualTo("2");
    assertThat(kept("layers")).isEqualTo("2");

    // when, then
    var rehearsed = birgus().run("prune", "--dry-run", "--format", "json");
    assertThat(rehearsed.exitCode()).as(rehearsed.all()).isZero();
    var json = JsonText.parseObject(rehearsed.out().getBytes(StandardCharsets.UTF_8));
    assertThat(json.array("removed")).hasSize(1);
    assertThat(json.number("freed").orElseThrow()).isPositive();
    assertThat(kept("blobs/sha256")).isEqualTo("2");

    assertThat(birgus().run("prune").out()).contains("freed ").contains("blob:sha256:");
    assertThat(kept("blobs/sha256")).isEqualTo("1");
    assertThat(kept("layers")).isEqualTo("2");

    assertThat(birgus().run("prune", "--older-than", "24h").out()).startsWith("freed 0 B");
    assertThat(birgus().run("prune", "--all").exitCode()).isZero();
    assertThat(kept("blobs/sha256")).isEqualTo("0");
    assertThat(kept("layers")).isEqualTo("0");
    build("one");
  }

  @Test
  void buildsOneAfterTheOtherStayWithinTheLimit() throws IOException, InterruptedException {
    for (var each : new String[] {"one", "two", "three", "four"}) {
      build(each, "--state-limit", "1");
    }
    assertThat(kept("blobs/sha256")).isEqualTo("0");
    assertThat(kept("layers")).isEqualTo("0");
    build("five", "--state-limit", "none");
    assertThat(kept("layers")).isEqualTo("2");
  }

  @Test
  void contextsThatWereUnpackedGoToo() throws IOException, InterruptedException {
    // given a context that came as a blob, and what a process left that was killed
    var contexts = folder.resolve("state/unpacked-contexts");
    var blobs = new InMemoryBlobStore();
    Files.writeString(Files.createDirectory(folder.resolve("context")).resolve("file"), "content");
    var packed = new ContextPacker(folder.resolve("context"), IgnoreRules.none()).pack(blobs);
    Files.createDirectories(contexts);
    try (var store =
        BlobContextStore.open(
            blobs,
            new BlobContextStore.Settings(contexts, UnpackLimits.DEFAULT),
            Leases.unneeded(),
            Journal.silent())) {
      store.open(packed.ref());
    }
    Files.createDirectories(contexts.resolve("unpack-1/1/files"));

    // when
    var outcome = birgus().run("prune");

    // then
    assertThat(outcome.out())
        .as(outcome.all())
        .contains("context:" + packed.ref().blob().orElseThrow());
    assertThat(Tool.sh(contexts, "find . -mindepth 1 -not -name lock")).isEmpty();
  }

  @Test
  void flagsOfOneCommandMeanNothingToTheOther() throws IOException, InterruptedException {
    assertThat(birgus().run("prune", "--no-push").err()).contains("means nothing");
    assertThat(birgus().run("build", "--all", "--no-push").err()).contains("prune");
    assertThat(birgus().run("prune", "--max-size", "much").err()).contains("invalid size \"much\"");
  }
}
