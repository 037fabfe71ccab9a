package dev.birgus.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.cli.BirgusInProcess;
import dev.birgus.cli.endtoend.Roots;
import dev.birgus.cli.endtoend.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same builds give the same images however roots are kept. */
class StoragesTest {

  @TempDir static Path shared = Path.of("/");

  /** Those on the small base. */
  static Stream<SampleBuild> builds() {
    return SampleBuilds.ALL.stream().filter(build -> build.dockerfile().contains("FROM base"));
  }

  @BeforeAll
  static void aBase() throws IOException, InterruptedException {
    Tool.needRoot();
    Roots.busybox(shared);
  }

  @ParameterizedTest
  @MethodSource("builds")
  void treesAndOverlaysGiveTheSameImage(SampleBuild build)
      throws IOException, InterruptedException {
    var context = Files.createDirectories(shared.resolve(build.name()).resolve("context"));
    Tool.sh(context, build.prepare());
    Files.writeString(context.resolveSibling("Dockerfile"), build.dockerfile());

    assertThat(digest(context, "tree"))
        .as(() -> differences(context))
        .isEqualTo(digest(context, "overlay"));
  }

  private static String digest(Path context, String storage) throws IOException {
    var out = Files.createDirectories(context.resolveSibling(storage));
    var birgus = new BirgusInProcess(out.resolve("state"), Map.of());
    var arguments = new ArrayList<>(List.of("build", "--reproducible", "--no-push"));
    arguments.add("--storage=" + storage);
    arguments.add("--context=" + context);
    arguments.add("--dockerfile=" + context.resolveSibling("Dockerfile"));
    arguments.add("--build-context=base=" + shared.resolve("busybox.tar"));
    arguments.add("--oci-layout-path=" + out.resolve("image"));
    arguments.add("--digest-file=" + out.resolve("digest"));
    var outcome = birgus.run(out, arguments);
    assertThat(outcome.exitCode()).as(outcome.printed()).isZero();
    return Files.readString(out.resolve("digest"));
  }

  private static String differences(Path context) {
    try {
      return LayerDifferences.between(
          context.resolveSibling("overlay").resolve("image"),
          context.resolveSibling("tree").resolve("image"));
    } catch (IOException failed) {
      return failed.toString();
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
