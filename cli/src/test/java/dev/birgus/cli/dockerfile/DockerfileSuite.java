package dev.birgus.cli.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.birgus.cli.BirgusInProcess;
import dev.birgus.cli.endtoend.Roots;
import dev.birgus.cli.endtoend.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Builds the cases of a topic in this process and compares what comes of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DockerfileSuite {

  /** Of the base's own: the layer its root is, and what history says of it. */
  private static final int OF_BASE = 1;

  @TempDir static Path shared = Path.of("/");
  private int number;
  private @Nullable BirgusInProcess birgus;
  private @Nullable BuiltImage base;
  private @Nullable Buildah buildah;

  @BeforeAll
  void aBase() throws IOException, InterruptedException {
    Tool.needRoot();
    var tar = Roots.busybox(shared);
    birgus = new BirgusInProcess(shared.resolve("state"), environment());
    buildah = new Buildah(shared.resolve("buildah"), tar);
    var only = Case.that("the base alone").dockerfile("FROM base\n");
    base = built(only, folderOf(only));
  }

  @AfterAll
  void removeBuildah() throws IOException, InterruptedException {
    if (buildah != null) {
      buildah.close();
    }
  }

  /** The environment birgus is run in. */
  Map<String, String> environment() {
    return Map.of();
  }

  /** The cases of the topic are its CASES. */
  @ParameterizedTest(name = "{0}")
  @FieldSource("CASES")
  void gives(Case example) throws IOException, InterruptedException {
    assumeTrue(Arriving.HERE.containsAll(example.needs), "not here yet: " + example.needs);
    if (example.alsoBuildah) {
      Tool.need("buildah");
    }
    var folder = folderOf(example);
    if (example.refusal.isPresent()) {
      refused(example, folder, example.refusal.get());
      return;
    }
    var image = built(example, folder);
    compare(example, image);
    if (example.alsoBuildah) {
      nonNull(buildah).compare(example, folder, image);
    }
  }

  private Path folderOf(Case example) throws IOException, InterruptedException {
    var folder = Files.createDirectories(shared.resolve("case" + number++));
    var context = Files.createDirectories(folder.resolve("context"));
    example.files.make(context);
    Files.writeString(folder.resolve("Dockerfile"), example.dockerfile);
    for (var image : example.images.entrySet()) {
      var before =
          Case.that(image.getKey())
              .context(image.getValue().files())
              .dockerfile(image.getValue().dockerfile());
      var beforeFolder = folderOf(before);
      built(before, beforeFolder);
      example.with(
          "--build-context", image.getKey() + "=oci-layout://" + beforeFolder.resolve("image"));
    }
    return folder;
  }

  private BuiltImage built(Case example, Path folder) throws IOException {
    var outcome = run(example, folder);
    assertThat(outcome.exitCode()).as("%s: %s", example.name, outcome.printed()).isZero();
    example.printed.forEach(text -> assertThat(outcome.printed()).contains(text));
    return BuiltImage.read(folder.resolve("image"));
  }

  private void refused(Case example, Path folder, Case.Refusal refusal) {
    var outcome = run(example, folder);
    refusal.texts().forEach(text -> assertThat(outcome.printed()).contains(text));
    assertThat(outcome.exitCode())
        .as("%s: %s", example.name, outcome.printed())
        .isEqualTo(refusal.exitCode());
    assertThat(folder.resolve("image")).doesNotExist();
  }

  private BirgusInProcess.Outcome run(Case example, Path folder) {
    var words = new ArrayList<String>();
    words.addAll(List.of("build", "--progress", "plain", "--no-push"));
    words.addAll(List.of("-f", folder.resolve("Dockerfile").toString()));
    words.addAll(List.of("-c", folder.resolve("context").toString()));
    words.addAll(List.of("--build-context", "base=" + shared.resolve("busybox.tar")));
    words.addAll(List.of("--oci-layout-path", folder.resolve("image").toString()));
    example.arguments.forEach(word -> words.add(word.replace("%", folder.toString())));
    return nonNull(birgus).run(folder, words);
  }

  private void compare(Case example, BuiltImage image) {
    var on = nonNull(base);
    var isOnBase = image.isOn(on);
    var skippedLayers = isOnBase ? OF_BASE : 0;
    var skippedHistory = isOnBase ? on.config().history().size() : 0;
    assertThat(image.layersOfHistory())
        .as(example.name + ": layers")
        .isEqualTo(image.layers().size());
    assertThat(image.config().diffIds()).hasSameSizeAs(image.layers());
    var under = isOnBase ? on.tree() : ImageTree.of(List.of());
    example.tree.ifPresent(lines ->
        assertThat(image.tree().changesFrom(under))
            .as(example.name + ": tree")
            .isEqualTo(normal(lines)));
    example.config.ifPresent(lines ->
        assertThat(image.configLines())
            .as(example.name + ": config")
            .isEqualTo(lines.stripTrailing()));
    example.history.ifPresent(lines ->
        assertThat(shortened(image.historyLines(skippedHistory), lines.stripTrailing()))
            .as(example.name + ": history")
            .isEqualTo(lines.stripTrailing()));
    example.layers.ifPresent(lines ->
        assertThat(image.layerLines(skippedLayers))
            .as(example.name + ": layers")
            .isEqualTo(lines.stripTrailing()));
  }

  /** The lines, each cut where the one expected in its place ends with three dots. */
  private static String shortened(String lines, String expected) {
    var wanted = expected.lines().toList();
    var cut = new ArrayList<String>();
    for (var line : lines.lines().toList()) {
      var other = cut.size() < wanted.size() ? wanted.get(cut.size()) : "";
      var start = other.endsWith("…") ? other.substring(0, other.length() - 1) : "";
      cut.add(!start.isEmpty() && line.startsWith(start) ? other : line);
    }
    return String.join("\n", cut);
  }

  /** Without what is there only to be read easily: spaces in a row before the first quote. */
  private static String normal(String lines) {
    return String.join(
        "\n",
        lines
            .lines()
            .map(line -> {
              var quote = line.indexOf('"');
              var end = quote < 0 ? line.length() : quote;
              return line.substring(0, end).replaceAll(" +", " ") + line.substring(end);
            })
            .toList());
  }

  private static <T> T nonNull(@Nullable T value) {
    if (value == null) {
      throw new AssertionError("set before all cases");
    }
    return value;
  }
}
