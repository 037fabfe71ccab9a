package dev.birgus.cli.scripts;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Building birgus anew must not take the jars from one that runs. */
class BuildRuntimeTest {

  private static final Path SCRIPTS = Path.of("src/main/scripts").toAbsolutePath();

  @TempDir Path project = Path.of("");
  private int changes;

  @BeforeEach
  void aProject() throws IOException {
    var scripts = Files.createDirectories(project.resolve("cli/src/main/scripts"));
    for (var name :
        new String[] {"build-runtime.sh", "compile-soon", "find-jdk.sh", "namespaces.sh"}) {
      Files.copy(SCRIPTS.resolve(name), scripts.resolve(name));
    }
    Files.createFile(project.resolve("pom.xml"));
    Files.createFile(project.resolve("cli/pom.xml"));
    var maven =
        """
        #!/bin/sh
        mkdir -p '%1$s/cli/target/runtime-jars' '%1$s/cli/target/server-jars'
        : >'%1$s/cli/target/birgus-cli-1.jar'
        : >'%1$s/cli/target/runtime-jars/library.jar'
        : >'%1$s/cli/target/server-jars/server.jar'
        """
            .formatted(project);
    Files.writeString(project.resolve("mvnw"), maven);
    Files.setPosixFilePermissions(
        project.resolve("mvnw"), PosixFilePermissions.fromString("rwxr-xr-x"));
    change();
  }

  /** File times may be coarse, so each change is made in the future of the one before. */
  private void change() throws IOException {
    Files.setLastModifiedTime(
        project.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(3600L + changes++)));
  }

  /** Builds, and gives the folder that is the current one then. */
  private Path build() throws IOException, InterruptedException {
    var all = project.resolve("build/runtime");
    var builder =
        new ProcessBuilder(
                "sh",
                project.resolve("cli/src/main/scripts/build-runtime.sh").toString(),
                project.toString(),
                all.toString())
            .redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", requireNonNull(System.getProperty("java.home")));
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return all.resolve(Files.readString(all.resolve("current")).strip());
  }

  @Test
  void aBuildHasAFolderOfItsOwnAndTheOneBeforeStays() throws IOException, InterruptedException {
    var first = build();
    change();

    var second = build();

    assertThat(second).isNotEqualTo(first);
    assertThat(first.resolve("lib/library.jar")).exists();
    assertThat(second.resolve("lib/library.jar")).exists();
    assertThat(second.resolve("made")).exists();
    assertThat(project.resolve("build/runtime")).isDirectoryNotContaining("regex:.*current\\..*");
  }

  @Test
  void ofOlderOnesOnlyWhatStillRunsStays() throws IOException, InterruptedException {
    // given two builds, something running from the first one
    var first = build();
    var running =
        new ProcessBuilder("sh", "-c", "read line", first.resolve("lib/library.jar").toString())
            .start();
    try {
      change();
      var second = build();
      change();

      // when
      build();

      // then
      assertThat(first.resolve("lib/library.jar")).exists();
      change();
      build();
      assertThat(first).exists();
      assertThat(second).doesNotExist();
    } finally {
      running.destroyForcibly().waitFor();
    }
    change();
    build();
    assertThat(first).doesNotExist();
  }
}
