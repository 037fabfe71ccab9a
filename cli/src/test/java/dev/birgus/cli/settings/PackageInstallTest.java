package dev.birgus.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.birgus.cli.endtoend.Roots;
import dev.birgus.cli.endtoend.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A package with scripts, users, links and a Java of its own is installed in every setting. It
 * takes minutes and Debian's mirror, so it only runs when it is asked for: {@code
 * -Dbirgus.install=yes}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackageInstallTest {

  private static final String DOCKERFILE =
      """
      FROM debian
      RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends \\
          openjdk-17-jre-headless >/install.log 2>&1 || { tail -n 50 /install.log; exit 1; }
      RUN bash -c 'java -version 2>&1 && cat <(echo one) <(echo two)'
      """;

  private static final String BUILD =
      """
      "$1/birgus" build --progress=plain --no-push --state-dir="$V/state" --context="$1/context" \\
        --build-context=debian="$1/debian.tar" --oci-layout-path="$V/image"
      """;

  @TempDir static Path temporary = Path.of("/");
  private Path shared = Path.of("/");

  static Stream<SettingKind> kinds() {
    return SettingKind.ALL.stream().filter(kind -> !kind.name().contains("no volume"));
  }

  @BeforeAll
  void whatAllShare() throws IOException, InterruptedException {
    assumeTrue("yes".equals(System.getProperty("birgus.install")), "not asked for");
    Tool.needRoot();
    Tool.sh(temporary, "chmod 755 .");
    shared = Files.createDirectories(temporary.resolve("shared"));
    Installation.in(shared);
    Roots.debian(shared);
    var context = Files.createDirectories(shared.resolve("context"));
    Files.writeString(context.resolve("Dockerfile"), DOCKERFILE);
    Tool.sh(shared, "chmod -R a+rX .");
  }

  /** Roots have links that lead out of the folder, of which JUnit would warn one by one. */
  @AfterAll
  void remove() throws IOException, InterruptedException {
    Tool.sh(temporary, "rm -rf -- *");
  }

  @ParameterizedTest(name = "by {0}")
  @MethodSource("kinds")
  void aJavaIsInstalledAndRuns(SettingKind kind) throws IOException, InterruptedException {
    var folder = Files.createDirectory(temporary.resolve(kind.name().replace(' ', '-')));
    try (var setting = kind.make(folder, shared)) {
      var outcome = setting.run(BUILD, List.of(shared.toString()));

      assertThat(outcome.exitCode()).as(outcome.printed()).isZero();
      assertThat(outcome.printed()).contains("openjdk version \"17").contains("two");
    }
  }
}
