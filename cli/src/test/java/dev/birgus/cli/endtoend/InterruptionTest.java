package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A build that is stopped ends its steps with all their children and takes its mounts with it. */
class InterruptionTest {

  @TempDir static Path shared;
  private static Path base = Path.of("/");

  @TempDir Path folder;
  private final String marker = "crab" + UUID.randomUUID();

  @BeforeAll
  static void aBaseImage() throws IOException, InterruptedException {
    Tool.needRoot();
    base = Roots.busybox(shared);
  }

  @BeforeEach
  void aStepThatNeverEnds() throws IOException {
    Files.writeString(
        folder.resolve("Dockerfile"),
        "FROM base\nRUN (setsid env WHO="
            + marker
            + " sleep 1000 &) ; trap '' TERM; echo running; env WHO="
            + marker
            + " sleep 1001\n");
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  void aSignalEndsTheStepAndItsChildren(String signal, int code)
      throws IOException, InterruptedException {
    // given
    var process = start();
    await(process, "running");

    // when
    Tool.sh(folder, "kill -" + signal + " " + process.pid());

    // then
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(code);
    assertThat(survivors()).isEmpty();
    assertThat(mounts()).isEmpty();
    assertThat(workFolders()).isEmpty();
    assertThat(folder.resolve("image.tar")).doesNotExist();
  }

  @Test
  void whatAKilledBuildLeftIsSweptByTheNext() throws IOException, InterruptedException {
    // given
    Tool.sh(folder, "tar -cf context.tar Dockerfile");
    var process = start("tar://context.tar");
    await(process, "running");
    assertThat(unpackedContexts()).isNotEmpty();

    // when
    process.destroyForcibly().waitFor();
    Files.writeString(folder.resolve("Dockerfile"), "FROM base\nRUN true\n");
    Tool.sh(folder, "tar -cf context.tar Dockerfile");
    var next =
        new BirgusProcess(shared.resolve("state"), folder)
            .run(
                "build", "-c", "tar://context.tar", "--build-context", "base=" + base, "--no-push");

    // then
    assertThat(next.exitCode()).as(next.all()).isZero();
    assertThat(survivors()).isEmpty();
    assertThat(mounts()).isEmpty();
    assertThat(workFolders()).isEmpty();
    assertThat(unpackedContexts()).isEmpty();
  }

  private Process start() throws IOException {
    return start(".");
  }

  private Process start(String context) throws IOException {
    return new BirgusProcess(shared.resolve("state"), folder)
        .start(
            "build",
            "-c",
            context,
            "--build-context",
            "base=" + base,
            "--no-push",
            "--tar-path",
            "image.tar");
  }

  private static void await(Process process, String line) throws IOException {
    var reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var seen = new StringBuilder();
    for (var read = reader.readLine(); read != null; read = reader.readLine()) {
      seen.append(read).append('\n');
      // The instruction itself, echoed as a step, has the word too.
      if (read.contains(line) && !read.contains("RUN")) {
        return;
      }
    }
    throw new AssertionError("the build ended without saying " + line + ":\n" + seen);
  }

  /** Processes of the step that are still there, by a word in their environment. */
  private String survivors() throws IOException, InterruptedException {
    return Tool.sh(
        folder,
        "for i in $(seq 50); do found=$(grep -la '"
            + marker
            + "' /proc/[0-9]*/environ 2>/dev/null | grep -v /proc/self/ || true); "
            + "[ -z \"$found\" ] && exit 0; sleep 0.1; done; echo \"$found\"");
  }

  private String mounts() throws IOException, InterruptedException {
    return Tool.sh(folder, "grep -F '" + shared + "' /proc/mounts || true");
  }

  private String workFolders() throws IOException, InterruptedException {
    return Tool.sh(folder, "find '" + shared + "/state/work' -mindepth 1 -maxdepth 1 -type d");
  }

  private String unpackedContexts() throws IOException, InterruptedException {
    var contexts = shared.resolve("state/contexts");
    return Tool.sh(folder, "find '" + contexts + "' -mindepth 1 -maxdepth 1 -type d");
  }
}
