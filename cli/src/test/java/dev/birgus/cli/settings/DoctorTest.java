package dev.birgus.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.cli.endtoend.Tool;
import dev.birgus.infra.json.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What birgus finds out about where it runs, and how it gets into namespaces there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoctorTest {

  private static final String DOCTOR =
      "\"$1/birgus\" doctor --format=json --state-dir=\"$V/state\" 2>\"$V/err\"";

  /** The rung of RUN, how roots are kept, and what the process is in. */
  private record Expected(String rung, String roots, String namespace) {}

  private static final Map<String, Expected> EXPECTED =
      Map.of(
          "an ordinary user",
          new Expected("ns", "overlay", "user"),
          "a container with its own users",
          new Expected("ns", "overlay", "mount"),
          "a container without seccomp",
          new Expected("userns", "overlay", "user"),
          "a container as usual",
          new Expected("chroot-notify", "tree", "refused"),
          "a container without seccomp, with no volume",
          new Expected("userns", "tree", "user"));

  @TempDir static Path temporary = Path.of("/");
  private Path shared = Path.of("/");
  private int number;

  static Stream<SettingKind> kinds() {
    return SettingKind.ALL.stream();
  }

  @BeforeAll
  void anInstallation() throws IOException, InterruptedException {
    Tool.needRoot();
    Tool.sh(temporary, "chmod 755 .");
    shared = Files.createDirectories(temporary.resolve("shared"));
    Installation.in(shared);
    Tool.sh(shared, "chmod -R a+rX .");
  }

  private Setting setting(SettingKind kind) throws IOException, InterruptedException {
    return kind.make(Files.createDirectory(temporary.resolve("setting" + number++)), shared);
  }

  /** Roots have links that lead out of the folder, of which JUnit would warn one by one. */
  @AfterAll
  void remove() throws IOException, InterruptedException {
    Tool.sh(temporary, "rm -rf -- *");
  }

  @ParameterizedTest(name = "by {0}")
  @MethodSource("kinds")
  void theRungAndTheStorageAreFoundOut(SettingKind kind) throws IOException, InterruptedException {
    try (var setting = setting(kind)) {
      var outcome = setting.run(DOCTOR, List.of(shared.toString()));

      assertThat(outcome.exitCode()).as(outcome.printed()).isZero();
      assertThat(seen(outcome)).isEqualTo(EXPECTED.get(kind.name()));
    }
  }

  private static Expected seen(Setting.Outcome outcome) {
    var json = JsonText.parseObject(outcome.printed().getBytes(StandardCharsets.UTF_8));
    return new Expected(
        json.string("isolation").orElse(""),
        json.object("storage").string("roots").orElse(""),
        json.object("process").string("namespace").orElse(""));
  }

  @Test
  void aJvmStartedWithoutTheLauncherEntersTheSameNamespaces()
      throws IOException, InterruptedException {
    var script =
        """
        runtime=$1/runtime; . "$runtime/options.sh"; read -r jdk <"$runtime/jdk"
        exec "$jdk/bin/java" $jvm_options -cp "$class_path" dev.birgus.cli.Main \\
          doctor --format=json --state-dir="$V/state"
        """;
    try (var setting = setting(SettingKind.ALL.getFirst())) {
      var outcome = setting.run(script, List.of(shared.toString()));

      assertThat(outcome.exitCode()).as(outcome.printed()).isZero();
      assertThat(seen(outcome)).isEqualTo(EXPECTED.get("an ordinary user"));
    }
  }

  @Test
  void signalsInputCodeAndFolderAreTheProcesssOwn() throws IOException, InterruptedException {
    var script =
        """
        cd "$V" && cat >program <<'EOF'
        #!/bin/sh
        read -r line; echo "$line in $(pwd) as $(id -u) $1"
        echo "$$" >pid; trap 'exit 42' TERM; kill -TERM $$
        EOF
        chmod 755 program
        sh -uc '. "$1/runtime/namespaces.sh"; echo $$ >outer; echo word | cat >in; become "$PWD/program" <in' x "$1" \\
          || echo "code $?"
        cmp pid outer && echo same process
        """;
    try (var setting = setting(SettingKind.ALL.getFirst())) {
      var outcome = setting.run(script, List.of(shared.toString()));

      assertThat(outcome.printed())
          .contains("word in " + setting.volume() + " as 0 -Dbirgus.namespace=user")
          .contains("code 42")
          .contains("same process");
    }
  }

  @Test
  void aUserWithoutFurtherIdsIsToldWhatToWrite() throws IOException, InterruptedException {
    var script = "exec setpriv --reuid=4712 --regid=4712 --clear-groups \"$1/birgus\" doctor";
    try (var setting = setting(SettingKind.ROOT)) {
      var outcome = setting.run(script, List.of(shared.toString()));

      assertThat(outcome.exitCode()).as(outcome.printed()).isEqualTo(1);
      assertThat(outcome.printed())
          .contains("4712:100000:65536 to /etc/subuid and /etc/subgid")
          .contains("cannot be built here");
    }
  }
}
