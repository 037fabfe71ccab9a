package dev.birgus.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.cli.endtoend.Roots;
import dev.birgus.cli.endtoend.Tool;
import dev.birgus.cli.settings.Setting.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same builds give the same images wherever birgus runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SettingsMatrixTest {

  private static final String BUILD =
      """
      out=$V/out/$2
      mkdir -p "$out"
      "$1/birgus" build --progress=plain --reproducible --no-push --state-dir="$V/state" \\
        --context="$1/contexts/$2" --dockerfile="$1/dockerfiles/$2" \\
        --build-context=base="$1/busybox.tar" --build-context=tools="$1/tools.tar" \\
        --oci-layout-path="$out/image" --digest-file="$out/digest"
      for left in "$V"/state/work/node-*; do
        if [ -e "$left" ]; then echo "left behind: $left"; exit 77; fi
      done
      """;

  @TempDir static Path temporary = Path.of("/");
  private final Map<String, Setting> made = new HashMap<>();
  private final Map<String, String> expected = new HashMap<>();
  private Path shared = Path.of("/");

  static Stream<Arguments> cells() {
    return SettingKind.ALL.stream()
        .flatMap(kind -> SampleBuilds.ALL.stream().map(build -> Arguments.of(kind, build)));
  }

  @BeforeAll
  void whatAllShare() throws IOException, InterruptedException {
    Tool.needRoot();
    // Other users have to get in.
    Tool.sh(temporary, "chmod 755 .");
    shared = Files.createDirectories(temporary.resolve("shared"));
    Installation.in(shared);
    Roots.busybox(shared);
    var tools = ToolsRoot.in(temporary.resolve("tools"));
    Files.move(tools, shared.resolve("tools.tar"));
    var dockerfiles = Files.createDirectories(shared.resolve("dockerfiles"));
    for (var build : SampleBuilds.ALL) {
      var context = Files.createDirectories(shared.resolve("contexts").resolve(build.name()));
      Tool.sh(context, build.prepare());
      Files.writeString(dockerfiles.resolve(build.name()), build.dockerfile());
    }
    Tool.sh(shared, "rm -r busybox-root; chmod -R a+rX .");
  }

  @AfterAll
  void endSettings() throws IOException, InterruptedException {
    for (var setting : made.values()) {
      setting.close();
    }
    Tool.sh(temporary, "rm -rf -- *");
  }

  @ParameterizedTest(name = "{1} by {0}")
  @MethodSource("cells")
  void givesTheSameImageAsRootOnTheMachine(SettingKind kind, SampleBuild build)
      throws IOException, InterruptedException {
    if (!expected.containsKey(build.name())) {
      expected.put(build.name(), digest(setting(SettingKind.ROOT), build));
    }
    var setting = setting(kind);

    var digest = digest(setting, build);

    assertThat(digest).as(() -> differences(setting, build)).isEqualTo(expected.get(build.name()));
  }

  private Setting setting(SettingKind kind) throws IOException, InterruptedException {
    var setting = made.get(kind.name());
    if (setting == null) {
      var folder = Files.createDirectory(temporary.resolve("setting" + made.size()));
      setting = kind.make(folder, shared);
      made.put(kind.name(), setting);
    }
    return setting;
  }

  private String digest(Setting setting, SampleBuild build)
      throws IOException, InterruptedException {
    Outcome outcome = setting.run(BUILD, List.of(shared.toString(), build.name()));
    assertThat(outcome.exitCode())
        .as("%s by %s:%n%s", build, setting.name(), outcome.printed())
        .isZero();
    return Files.readString(out(setting, build).resolve("digest"));
  }

  private static Path out(Setting setting, SampleBuild build) {
    return setting.volume().resolve("out").resolve(build.name());
  }

  /** What the layers of the two images have that the other has not. */
  private String differences(Setting setting, SampleBuild build) {
    try {
      var ours = out(setting, build).resolve("image");
      var theirs = out(setting(SettingKind.ROOT), build).resolve("image");
      return LayerDifferences.between(theirs, ours);
    } catch (IOException failed) {
      return failed.toString();
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
