package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.testkit.RealRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds that are killed at any moment leave nothing that the next start does not remove, and
 * nothing that a later build takes for whole. How often is {@code -Dbirgus.kills=N}; {@code make
 * kills} does it a hundred times.
 */
class KilledBuildsTest {

  private static final int KILLS = Integer.getInteger("birgus.kills", 8);
  private static final int SEED = Integer.getInteger("birgus.kills.seed", 1);
  private static final int KILLS_BETWEEN_CHECKS = 4;

  @TempDir Path folder;
  private final Path state = Path.of("state");
  private final String marker = "crab" + UUID.randomUUID();

  @BeforeEach
  void aBuildOfAllKindsOfSteps() throws IOException, InterruptedException {
    Tool.needRoot();
    Tool.need("docker-registry");
    var context = Files.createDirectories(folder.resolve("context/files"));
    for (var i = 0; i < 200; i++) {
      Files.writeString(context.resolve("file" + i), "content " + i);
    }
    Tool.sh(folder, "tar --mtime=@1 -C context -czf context/archive.tgz files");
    Files.writeString(
        folder.resolve("context/Dockerfile"),
        """
        ARG BASE
        FROM $BASE AS one
        ENV WHO=MARKER
        COPY files /files
        RUN for i in 1 2 3 4; do head -c 2000000 /dev/zero | tr '\\0' $i > /one$i; done; \\
            (setsid sleep 1000 &)
        RUN mkdir /d && cp -r /bin /d && rm /one2
        FROM $BASE AS two
        ENV WHO=MARKER
        RUN seq 1 100000 > /two && rm /bin/vi && (setsid sleep 1000 &)
        FROM two
        COPY --from=one /d /d
        COPY --from=one /files /files
        ADD archive.tgz /added/
        RUN --mount=type=cache,target=/cache sha256sum /two > /sum && mv /files /moved
        """
            .replace("MARKER", marker));
  }

  private BirgusProcess birgus(Path where) {
    return new BirgusProcess(folder.resolve(where), folder);
  }

  private String[] build(String base) {
    return new String[] {
      "build",
      "-c",
      "context",
      "--build-arg",
      "BASE=" + base,
      "--reproducible",
      "--insecure",
      "--insecure-pull",
      "--destination",
      "killed:1",
      "--no-push",
      "--tar-path",
      "image.tar",
      "--digest-file",
      "digest"
    };
  }

  @Test
  void aKilledBuildLeavesNothingThatTheNextStartDoesNotRemove() throws Exception {
    try (var registry = RealRegistry.plain(Files.createDirectories(folder.resolve("registry")))) {
      // given a base image to be pulled, and what comes of the build on a fresh store
      var base = registry.host() + "/base:1";
      push(base);
      var begun = System.nanoTime();
      var digest = built(Path.of("fresh"), base);
      var archive = sha256(folder.resolve("image.tar"));
      var duration = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      Files.delete(folder.resolve("image.tar"));
      var random = new Random(SEED);

      for (var kill = 1; kill <= KILLS; kill++) {
        // when
        var moment = random.nextLong(duration);
        killedAfter(moment, base);

        // then
        var image = folder.resolve("image.tar");
        if (Files.exists(image)) {
          assertThat(sha256(image)).isEqualTo(archive);
          Files.delete(image);
        }
        if (kill % KILLS_BETWEEN_CHECKS == 0 || kill == KILLS) {
          assertThat(built(state, base))
              .as("after kill %s, of %s ms", kill, moment)
              .isEqualTo(digest);
          assertThat(sha256(image)).isEqualTo(archive);
          assertNothingIsLeft();
          if (random.nextBoolean()) {
            assertThat(birgus(state).run("prune", "--all").exitCode()).isZero();
          }
        }
      }
    }
  }

  private void push(String base) throws IOException, InterruptedException {
    var root = Roots.busybox(folder);
    Files.writeString(folder.resolve("Basefile"), "FROM base\nRUN seq 1 300000 > /large\n");
    var outcome =
        birgus(Path.of("first"))
            .run(
                "build",
                "-c",
                ".",
                "-f",
                "Basefile",
                "--build-context",
                "base=" + root,
                "--insecure",
                "--destination",
                base);
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
  }

  private String built(Path where, String base) throws IOException, InterruptedException {
    var outcome = birgus(where).run(build(base));
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    return Files.readString(folder.resolve("digest"));
  }

  private void killedAfter(long millis, String base) throws IOException, InterruptedException {
    var process = birgus(state).start(build(base));
    // Whoever kills does not wait for anything: the point in time is what is tried here.
    if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
      process.toHandle().destroyForcibly();
    }
    process.getInputStream().transferTo(OutputStream.nullOutputStream());
    process.waitFor();
  }

  private static String sha256(Path file) throws IOException, InterruptedException {
    return Tool.sh(Path.of("/"), "sha256sum < '" + file + "'");
  }

  private void assertNothingIsLeft() throws IOException, InterruptedException {
    assertThat(Tool.sh(folder, "grep -F '" + folder + "' /proc/mounts || true")).isEmpty();
    assertThat(survivors()).isEmpty();
    for (var place : List.of("work", "contexts", "leases")) {
      assertThat(names(place, "d")).as(place).isEmpty();
    }
    assertThat(Tool.sh(folder, "ls -d .birgus-* 2>/dev/null || true")).isEmpty();
    assertThat(names("layers/tmp", "d")).isEmpty();
    assertThat(names("blobs/tmp", "f")).isEmpty();
  }

  /** What is in a folder of the state, which need not be there. */
  private List<String> names(String place, String type) throws IOException, InterruptedException {
    var inside = folder.resolve(state).resolve(place);
    if (Files.notExists(inside)) {
      return List.of();
    }
    var found = Tool.sh(folder, "find '" + inside + "' -mindepth 1 -maxdepth 1 -type " + type);
    return new ArrayList<>(found.lines().toList());
  }

  /** Processes of steps that are still there, by a word in their environment. */
  private String survivors() throws IOException, InterruptedException {
    return Tool.sh(
        folder,
        "for i in $(seq 50); do found=$(grep -la '"
            + marker
            + "' /proc/[0-9]*/environ 2>/dev/null | grep -v /proc/self/ || true); "
            + "[ -z \"$found\" ] && exit 0; sleep 0.1; done; echo \"$found\"");
  }
}
