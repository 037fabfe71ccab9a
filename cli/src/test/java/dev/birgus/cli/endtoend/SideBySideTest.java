package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds of several processes with one state folder, at the same time. */
class SideBySideTest {

  @TempDir static Path shared;
  private static Path base = Path.of("/");

  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();

  @BeforeAll
  static void aBaseImage() throws IOException, InterruptedException {
    Tool.needRoot();
    base = Roots.busybox(shared);
  }

  @AfterEach
  void noneIsLeft() throws InterruptedException {
    for (var process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  private Process start(String name, String dockerfile) throws IOException {
    var context = Files.createDirectories(folder.resolve(name));
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    var process =
        new BirgusProcess(folder.resolve("state"), context)
            .start(
                "build",
                "-c",
                ".",
                "--build-context",
                "base=" + base,
                "--no-push",
                "--reproducible",
                "--digest-file",
                "digest");
    processes.add(process);
    return process;
  }

  private static String succeeded(Process process) throws IOException, InterruptedException {
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** They meet in a cache: the one waits there until the other has done all the harm it can. */
  @Test
  void aCommandOfOneBuildNeitherSeesNorStopsThoseOfAnother()
      throws IOException, InterruptedException {
    var cache = "RUN --mount=type=cache,id=meeting,target=/meeting ";
    var quiet =
        start(
            "quiet",
            "FROM base\n"
                + cache
                + "export WHO=quietcrab; touch /meeting/quiet;"
                + " while [ ! -e /meeting/done ]; do sleep 0.1; done; echo alive > /alive\n");
    var hostile =
        start(
            "hostile",
            "FROM base\n"
                + cache
                + "while [ ! -e /meeting/quiet ]; do sleep 0.1; done;"
                + " grep -l quietcrab /proc/[0-9]*/environ && exit 1;"
                + " echo processes $(ls -d /proc/[0-9]* | wc -l);"
                + " trap '' TERM; kill -TERM -1; kill -KILL -1; exit 9\n");
    var killed = new String(hostile.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(killed).containsPattern("processes [1-9]\\b").contains("exit status 9");
    assertThat(hostile.waitFor()).isNotZero();

    succeeded(start("last", "FROM base\n" + cache + "touch /meeting/done\n"));

    succeeded(quiet);
  }

  @Test
  void buildsOfTheSameAtTheSameTimeGiveTheSame() throws IOException, InterruptedException {
    for (var i = 0; i < 3; i++) {
      start("same" + i, "FROM base\nRUN seq 1 10000 > /f\nRUN rm /bin/vi\n");
    }
    var digests = new ArrayList<String>();
    for (var i = 0; i < 3; i++) {
      succeeded(processes.get(i));
      digests.add(Files.readString(folder.resolve("same" + i + "/digest")));
    }

    assertThat(digests).containsOnly(digests.getFirst());
    var layers = Tool.sh(folder, "ls state/layers | grep -cE '^[0-9a-f]{32}$'").strip();
    assertThat(layers).isEqualTo("3");
    assertThat(List.of(Tool.sh(folder, "ls state/layers/tmp").strip())).containsExactly("");
  }
}
