package dev.birgus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.cli.local.Machine;
import dev.birgus.cli.progress.RecordingScreen;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks and dry runs, from their command lines to what they print. Nobody answers there. */
class PreviewTest {

  private final RecordingScreen screen = new RecordingScreen(80);

  @TempDir Path folder;

  @BeforeEach
  void aDockerfile() throws IOException {
    dockerfile(
        """
        FROM scratch AS files
        COPY in.txt /
        FROM scratch AS unused
        RUN \\
          x
        FROM files as last
        CMD echo \u001b[31mred
        """);
    Files.writeString(folder.resolve("in.txt"), "in");
  }

  @Test
  void aCheckPrintsFindingsWithTheirLines() {
    assertThat(run("check", "--context=.")).isEqualTo(1);
    assertThat(screen.errors()).isEmpty();
    assertThat(screen.output())
        .isEqualTo(
            """
            Dockerfile:6: FromAsCasing: "as" and "FROM" are not in the same case
              6 | FROM files as last

            Dockerfile:7: JSONArgsRecommended: CMD in shell form keeps signals from the program; write it as a JSON array
              7 | CMD echo red

            Dockerfile: 2 findings
            """);
  }

  @Test
  void dockersSpellingIsTheSameCheck() {
    assertThat(run("build", "--check", "--context=.")).isEqualTo(1);
    assertThat(screen.output()).endsWith("Dockerfile: 2 findings\n");
  }

  @Test
  void aCheckNeedsNeitherBaseImagesNorAContextNorAStateDirectory() throws IOException {
    // given
    dockerfile("FROM nowhere.invalid/no/image\nCOPY a $HOME_OF_IT/\n");

    // then
    assertThat(run("check", "--state-dir=/proc/nowhere")).as(screen.errors()).isZero();
    assertThat(screen.output()).isEqualTo("Dockerfile: nothing found\n");
  }

  @Test
  void aNoteDoesNotFailACheck() throws IOException {
    // given
    dockerfile("# syntax=foo/bar:1\nFROM scratch\n");

    // then
    assertThat(run("check", "-c", ".")).as(screen.errors()).isZero();
    assertThat(screen.output())
        .startsWith("Dockerfile:1: SyntaxFrontendIgnored: ")
        .endsWith("Dockerfile: 1 note\n");
  }

  @Test
  void allThatIsFoundCanBeSkipped() throws IOException {
    // given
    dockerfile(
        """
        # syntax=foo/bar:1
        # check=skip=all
        FROM scratch AS a
        FROM --platform=$BUILDPLATFORM a
        RUN ["a"
        HEALTHCHECK --retries=1 NONE
        USER $WHO
        """);

    // then
    assertThat(run("check", "-c", ".", "--build-arg=NOBODY=x")).as(screen.errors()).isZero();
    assertThat(screen.output()).isEqualTo("Dockerfile: nothing found\n");
  }

  @Test
  void aContextThatWasNamedMustBeThere() {
    assertThat(run("check", "--context=missing")).isEqualTo(1);
    assertThat(screen.errors()).startsWith("Error: error resolving source context:");
  }

  @Test
  void aCheckTellsOfErrorsToo() throws IOException {
    // given
    dockerfile("FROM scratch as a\nFLY\nRUN a \\\n\\\n\\\n\\\n\\\n\\\n\\\n b\nRUM c\n");

    // then
    assertThat(run("check", "-c", ".")).isEqualTo(1);
    assertThat(screen.output())
        .contains("Dockerfile:2: error: there is no instruction \"FLY\"\n  2 | FLY\n")
        .contains("did you mean RUN?")
        .endsWith("Dockerfile: 2 errors, 1 finding\n");
  }

  @Test
  void aCheckIsReadByPrograms() {
    assertThat(run("check", "-c", ".", "--format=json")).isEqualTo(1);

    var json = json();
    assertThat(json.string("file")).contains("Dockerfile");
    assertThat(json.array("errors")).isEmpty();
    var finding = (Json.Obj) json.array("findings").getFirst();
    assertThat(finding.members())
        .containsOnlyKeys(
            "rule", "message", "file", "line", "endLine", "description", "documentation");
    assertThat(finding.string("rule")).contains("FromAsCasing");
    assertThat(finding.number("line")).contains(6L);
  }

  @Test
  void aDryRunPrintsThePlanAndWritesNothing() throws IOException {
    // when
    var code =
        run("build", "--dry-run", "-c", ".", "-d", "r.invalid/x:1", "--tar-path=out/image.tar");

    // then
    assertThat(code).as(screen.errors()).isZero();
    assertThat(screen.output().replaceAll("sha256:[0-9a-f]{64}", "ID"))
        .isEqualTo(
            """
            Plan of Dockerfile for linux/amd64

            Stage 0 files (Dockerfile:1)
              id     ID
              base   scratch
              needs  no other stage
              1  Dockerfile:2  COPY in.txt /

            Stage 2 last (Dockerfile:6), the target
              id     ID
              base   stage 0 files
              needs  stage 0 files
              1  Dockerfile:7  CMD echo red

            Left out
              1 unused (Dockerfile:3): the target does not need it

            Warnings
              Dockerfile:6: "as" and "FROM" are not in the same case (FromAsCasing)
              Dockerfile:7: CMD in shell form keeps signals from the program; write it as a JSON array (JSONArgsRecommended)

            Delivered to
              registry r.invalid/x:1
              archive out/image.tar

            Nothing was built.
            """);
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("Dockerfile", "in.txt");
    }
  }

  @Test
  void aDryRunIsReadByPrograms() {
    assertThat(run("--dryrun", "--format=json", "-c", ".", "--target=files")).isZero();

    var json = json();
    assertThat(json.members())
        .containsOnlyKeys(
            "file", "platform", "target", "stages", "leftOut", "warnings", "deliveries");
    assertThat(json.array("stages")).hasSize(1);
    var stage = (Json.Obj) json.array("stages").getFirst();
    assertThat(stage.string("id")).isEqualTo(json.string("target"));
    assertThat(stage.object("base").string("kind")).contains("scratch");
    assertThat(((Json.Obj) stage.array("steps").getFirst()).number("line")).contains(2L);
    assertThat(json.array("leftOut")).hasSize(2);
    assertThat(json.array("deliveries")).isEmpty();
  }

  @Test
  void stagesThatDoTheSameRunOnce() throws IOException {
    // given
    dockerfile(
        """
        FROM scratch AS one
        COPY in.txt /
        FROM scratch AS two
        COPY in.txt /
        FROM scratch
        COPY --from=one in.txt /a
        COPY --from=two in.txt /b
        """);

    // then
    assertThat(run("--dry-run", "-c", ".")).isZero();
    assertThat(screen.output()).contains("  1 two (Dockerfile:3): another stage does the same");
  }

  @Test
  void whatCannotBePlannedIsToldWithItsPlace() throws IOException {
    // given
    dockerfile("FROM scratch\nCOPY missing /\nEXPOSE x\n");

    // then
    assertThat(run("--dry-run", "-c", ".")).isEqualTo(1);
    assertThat(screen.errors()).startsWith("Error: Dockerfile:").contains("Dockerfile:3");
    assertThat(screen.output()).isEmpty();
  }

  @Test
  void findingsMayFailADryRunAsTheyFailABuild() {
    assertThat(run("--dry-run", "-c", ".", "--build-arg=BUILDKIT_DOCKERFILE_CHECK=error=true"))
        .isEqualTo(1);
    assertThat(screen.errors())
        .contains("FromAsCasing, JSONArgsRecommended")
        .contains("  Dockerfile:7: CMD");
  }

  private void dockerfile(String text) throws IOException {
    Files.writeString(folder.resolve("Dockerfile"), text);
  }

  private Json.Obj json() {
    return (Json.Obj) JsonText.parse(screen.output());
  }

  private int run(String... arguments) {
    var machine = new Machine(Map.of(), folder, Platform.of("linux", "amd64"), 1, "1.2.3", false);
    var state = folder.resolve("state").toString();
    return new CommandLine(
            new Surroundings("/bin/birgus", machine, state, false, "", "", false),
            screen,
            InstantSource.system())
        .run(List.of(arguments));
  }
}
