package dev.birgus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.cli.local.Machine;
import dev.birgus.cli.progress.RecordingScreen;
import dev.birgus.infra.oci.Platform;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {

  private final RecordingScreen screen = new RecordingScreen(80);

  @TempDir Path folder;

  @Test
  void versionPrintsTheVersion() {
    assertThat(run("version")).isZero();
    assertThat(screen.output()).isEqualTo("birgus version : 1.2.3\n");
    assertThat(screen.errors()).isEmpty();
  }

  @Test
  void helpListsWhatWorksByGroups() {
    assertThat(run("--help")).isZero();
    assertThat(screen.output())
        .contains("Usage:", "What to build:\n", "  -d, --destination NAME ")
        .contains("--registry-mirror", "  check ", "--dry-run")
        .contains("  serve ", "  submit ", "  builds ", "  logs ", "  cancel ")
        .doesNotContain("--cache-repo");
    assertThat(screen.output().lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThan(130));
  }

  @Test
  void aMistakeIsOneLineAndWhereHelpIs() {
    assertThat(run("--nopush")).isEqualTo(1);
    assertThat(screen.output()).isEmpty();
    assertThat(screen.errors())
        .isEqualTo(
            """
            Error: unknown flag: --nopush
            Did you mean --no-push?
            Run '/bin/birgus --help' for usage.
            """);
  }

  @Test
  void aMissingDestinationIsSaidInKanikosWords() {
    assertThat(run()).isEqualTo(1);
    assertThat(screen.errors())
        .startsWith("Error: you must provide --destination, or use --no-push\n");
  }

  @Test
  void cancellingNothingDoesNothing() {
    // given
    var line = commandLine();

    // when
    line.cancel("interrupted");

    // then
    assertThat(screen.errors()).isEmpty();
  }

  private int run(String... arguments) {
    return commandLine().run(List.of(arguments));
  }

  private CommandLine commandLine() {
    var machine = new Machine(Map.of(), folder, Platform.of("linux", "amd64"), 1, "1.2.3", false);
    var surroundings = new Surroundings("/bin/birgus", machine, "/state", false, "", "", false);
    return new CommandLine(surroundings, screen, InstantSource.system());
  }
}
