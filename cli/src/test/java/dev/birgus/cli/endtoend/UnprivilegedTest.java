package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody is told who may not do what building takes. */
class UnprivilegedTest {

  @TempDir Path folder;

  @BeforeEach
  void tools() {
    Tool.needRoot();
    Tool.need("setpriv", "tar");
  }

  /** Builds as a root that has lost all of its capabilities. */
  private BirgusProcess.Outcome build(Path state, String dockerfile)
      throws IOException, InterruptedException {
    Files.writeString(folder.resolve("Dockerfile"), dockerfile);
    Tool.sh(folder, "tar -cf base.tar Dockerfile");
    var outcome =
        new BirgusProcess(state, folder)
            .under("setpriv", "--bounding-set=-all", "--inh-caps=-all")
            .run(
                "build",
                "-c",
                ".",
                "--no-push",
                "--tar-path=image.tar",
                "--build-context=base=base.tar");
    assertThat(outcome.err()).doesNotContain("\tat ").doesNotContain("Exception");
    return outcome;
  }

  @Test
  void whatIsMissingIsNamedBeforeAnythingIsUnpacked() throws Exception {
    for (var dockerfile :
        new String[] {"FROM scratch\nCOPY Dockerfile /\n", "FROM base\nRUN true\n"}) {
      var outcome = build(folder.resolve("state"), dockerfile);

      assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(1);
      assertThat(outcome.err())
          .contains("CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER")
          .contains("capabilities containers have by default")
          .doesNotContain("download");
      assertThat(folder.resolve("image.tar")).doesNotExist();
    }
  }

  @Test
  void anImageThatOnlyHasAConfigurationNeedsNothing() throws Exception {
    var outcome = build(folder.resolve("state"), "FROM base\nENV A=b\n");

    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    assertThat(folder.resolve("image.tar")).exists();
  }

  @Test
  void aStateFolderThatCannotBeMadeIsNamedWithTheReason() throws Exception {
    var outcome = build(Path.of("/proc/birgus"), "FROM scratch\nCOPY Dockerfile /\n");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("cannot use the state folder /proc/birgus")
        .contains("--state-dir");
  }
}
