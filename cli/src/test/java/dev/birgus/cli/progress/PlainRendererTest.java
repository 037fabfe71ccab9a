package dev.birgus.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.cli.progress.ViewSettings.Format;
import dev.birgus.cli.progress.ViewSettings.Mode;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BlobPushed.Presence;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.SourceLocation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainRendererTest {

  private final RecordingScreen screen = new RecordingScreen(80);
  private final BuildModel model = new BuildModel(SampleBuild.BEGUN);
  private Instant now = SampleBuild.BEGUN;

  @Test
  void aBuildIsToldLineAfterLine() {
    // when
    show(plain(Severity.INFO), wholeBuild());

    // then
    assertThat(screen.output())
        .isEqualTo(
            """
            [compile 1/2] hello
            [compile 1/2] 100%
            [compile 1/2] no line end
            """);
    assertThat(screen.errors())
        .isEqualTo(
            """
            warning: D:1: FROM and as differ (odd-case)
            download sha256:%s 12.3 MB
            cached sha256:%s 4.0 kB
            [compile] on scratch
            [compile 1/2] RUN make \\ all
            [compile 1/2] careful
            [compile 1/2] done in 1.5s
            [compile 2/2] RUN strip a
            [compile 2/2] done in 1.5s
            [final] on stage compile
            [final 1/1] COPY --from=compile a b
            [final 1/1] done in 1.5s
            Pushing image to example.com/app:1
            Pushed example.com/app@%s
            Wrote archive /out/image.tar
            Built in 21.0s
              stage    compile: 9.0s, 2 steps
              stage    final: 3.0s, 1 step
              cached   1 layer (4.0 kB) not fetched again
              cached   1 of 2 blobs not sent again
              pushed   6.0s after the last step
              image    example.com/app:1
              archive  /out/image.tar
              size     12.3 MB
              digest   %s
            """
                .formatted(
                    SampleBuild.digest("l1").hex().substring(0, 12),
                    SampleBuild.digest("l2").hex().substring(0, 12),
                    SampleBuild.MANIFEST,
                    SampleBuild.MANIFEST));
  }

  @Test
  void blobsThatArePushedEarlyAreNoPushOfTheImageYet() {
    // when
    show(
        plain(Severity.INFO),
        List.of(
            SampleBuild.planned(),
            SampleBuild.started(SampleBuild.COMPILE, 0),
            SampleBuild.pushed(Presence.UPLOADED, "l1"),
            SampleBuild.finished(SampleBuild.COMPILE, 0),
            SampleBuild.finished(SampleBuild.COMPILE),
            SampleBuild.started(SampleBuild.FINAL, 0),
            SampleBuild.finished(SampleBuild.FINAL, 0),
            SampleBuild.finished(SampleBuild.FINAL),
            SampleBuild.pushed(Presence.UPLOADED, "l2"),
            SampleBuild.delivered(SampleBuild.PUSH),
            SampleBuild.succeeded()));

    // then
    assertThat(screen.errors().lines())
        .containsSubsequence(
            "[final 1/1] done in 1.5s",
            "Pushing image to example.com/app:1",
            "  pushed   4.0s after the last step, 1 blob before it")
        .filteredOn(line -> line.startsWith("Pushing"))
        .hasSize(1);
  }

  @Test
  void aPoolWithoutNodesIsWarnedOfAndToldWhenItHasOne() {
    // given
    var waits = new Event.NodesAwaited(SampleBuild.BUILD, "arm", false);
    var over = new Event.NodesAwaited(SampleBuild.BUILD, "arm", true);

    // when
    show(plain(Severity.INFO), List.of(SampleBuild.planned(), waits, waits, over, over));

    // then
    assertThat(screen.errors().lines().skip(1))
        .containsExactly(
            "warning: the build waits for nodes: none of the pool arm takes stages",
            "a node of the pool arm takes stages");
  }

  @Test
  void newsThatComeTwiceAreToldOnce() {
    // given
    show(plain(Severity.INFO), wholeBuild());
    var once = screen.errors();
    screen.clear();

    // when
    var again = new BuildModel(SampleBuild.BEGUN);
    var renderer = new PlainRenderer(plain(Severity.INFO), screen, again);
    now = SampleBuild.BEGUN;
    for (var event : wholeBuild()) {
      now = now.plusSeconds(1);
      again.apply(event, now, renderer);
      if (!(event instanceof Event.LogChunk || event instanceof Event.BlobPushed)) {
        again.apply(event, now, renderer);
      }
    }

    // then
    assertThat(screen.errors()).isEqualTo(once);
  }

  @Test
  void outputThatComesBeforeThePlanIsNotLost() {
    // when
    show(
        plain(Severity.INFO),
        List.of(
            SampleBuild.printed(SampleBuild.COMPILE, 0, "early\n"),
            SampleBuild.planned(),
            SampleBuild.started(SampleBuild.COMPILE, 0)));

    // then
    assertThat(screen.output()).isEqualTo("[compile 1/2] early\n");
    assertThat(screen.errors()).containsOnlyOnce("RUN make");
  }

  @Test
  void aLayerThisBuildHasMadeIsNotCalledCached() {
    // when
    show(
        plain(Severity.INFO),
        List.of(
            SampleBuild.planned(),
            SampleBuild.sealed(SampleBuild.COMPILE, 0, "own"),
            SampleBuild.moved(
                Transfer.CACHED, SampleBuild.digest("own").toString(), 0, Optional.of(10L)),
            SampleBuild.succeeded()));

    // then
    assertThat(screen.errors()).doesNotContain("cached");
  }

  @Test
  void atLevelErrorOnlyWhatStepsPrintIsLeft() {
    // when
    show(plain(Severity.ERROR), wholeBuild());

    // then
    assertThat(screen.errors()).isEqualTo("[compile 1/2] careful\n");
    assertThat(screen.output()).contains("hello");
  }

  @Test
  void quietIsQuiet() {
    // when
    show(settings(Mode.QUIET, Format.TEXT, Severity.ERROR, false, false), wholeBuild());

    // then
    assertThat(screen.output() + screen.errors()).isEmpty();
  }

  @Test
  void withoutAPushKanikosLineSaysSo() {
    // when
    show(plain(Severity.INFO), List.of(SampleBuild.planned(), SampleBuild.succeeded()));

    // then
    assertThat(screen.errors())
        .contains("Skipping push to container registry due to --no-push flag\n");
  }

  @Test
  void theOtherMistakesOfADockerfileFollowTheFirst() {
    // given
    var failure =
        new Failure(
            "unknown-instruction",
            "there is no instruction \"RUNN\"",
            "did you mean RUN?",
            Optional.of(new SourceLocation("Dockerfile", 2, 3, 2)),
            1,
            List.of(
                "RUNN true", "also Dockerfile:4:6: --link is \"ture\", neither true nor false"));

    // when
    show(plain(Severity.WARN), List.of(SampleBuild.failed(failure)));

    // then
    assertThat(screen.errors())
        .isEqualTo(
            """
            Dockerfile:2:3:
              | RUNN true
            error building image: there is no instruction "RUNN"
            did you mean RUN?
            also Dockerfile:4:6: --link is "ture", neither true nor false
            """);
  }

  @Test
  void aFailureEndsWithPlaceOutputAdviceAndKanikosLine() {
    // given
    var failure =
        new Failure(
            "run-failed",
            "the command ended with exit code 42",
            "Its last lines are above.",
            Optional.of(SourceLocation.ofLine("Dockerfile", 2)),
            42,
            List.of());

    // when
    show(
        plain(Severity.WARN),
        List.of(
            SampleBuild.planned(),
            SampleBuild.started(SampleBuild.COMPILE, 0),
            SampleBuild.printed(SampleBuild.COMPILE, 0, "no such file\n"),
            SampleBuild.failed(failure)));

    // then
    assertThat(screen.errors())
        .isEqualTo(
            """
            warning: D:1: FROM and as differ (odd-case)
            Dockerfile:2: [compile 1/2] RUN make \\ all
              | no such file
            the command ended with exit code 42
            error building image: error building stage: failed to execute command: waiting for \
            process to exit: exit status 42
            Its last lines are above.
            """);
  }

  @Test
  void aPlainFailureIsOneLine() {
    // when
    show(plain(Severity.INFO), List.of(SampleBuild.failed(Failure.of("x", "no luck", ""))));

    // then
    assertThat(screen.errors()).isEqualTo("error building image: no luck\n");
  }

  @Test
  void jsonIsOneObjectALine() {
    // when
    show(
        settings(Mode.PLAIN, Format.JSON, Severity.INFO, false, false),
        List.of(
            SampleBuild.planned(),
            SampleBuild.started(SampleBuild.COMPILE, 0),
            SampleBuild.printed(SampleBuild.COMPILE, 0, "a \"b\"\u001b\n")));

    // then
    assertThat(screen.errors().lines().toList())
        .first()
        .asString()
        .contains("\"level\":\"warning\"")
        .endsWith("\"rule\":\"odd-case\",\"path\":\"D\",\"line\":\"1\"}");
    assertThat(screen.errors().lines().toList())
        .hasSize(3)
        .last()
        .asString()
        .startsWith(
            "{\"level\":\"info\",\"time\":\"2026-01-02T03:04:07Z\",\"msg\":\"[compile 1/2] RUN")
        .contains("\"stage\":\"compile\"", "\"step\":\"1\"");
    assertThat(screen.output()).contains("\"msg\":\"a \\\"b\\\"\\u001B\"").endsWith("}\n");
  }

  @Test
  void linesMayHaveTimeAndColour() {
    // when
    show(
        settings(Mode.PLAIN, Format.TEXT, Severity.INFO, true, true),
        List.of(SampleBuild.failed(Failure.of("x", "no luck", ""))));

    // then
    assertThat(screen.errors())
        .isEqualTo("2026-01-02T03:04:06Z \u001b[31merror building image: no luck\u001b[0m\n");
  }

  @Test
  void aServicesLineHasItsContext() {
    // given
    var renderer = new PlainRenderer(plain(Severity.INFO), screen, model);

    // when
    renderer.log(Severity.WARN, "retrying", Map.of("attempt", "2"));
    renderer.log(Severity.DEBUG, "hidden", Map.of());

    // then
    assertThat(screen.errors()).isEqualTo("warning: retrying attempt=2\n");
  }

  @ParameterizedTest
  @CsvSource({"INFO, false", "DEBUG, true"})
  void theRungOfIsolationIsToldToWhoAsksForMore(Severity least, boolean told) {
    // when
    show(
        plain(least),
        List.of(SampleBuild.planned(), SampleBuild.isolated(SampleBuild.COMPILE, "userns")));

    // then
    var line = "[compile] runs commands on the rung userns of isolation";
    assertThat(screen.errors().contains(line)).isEqualTo(told);
  }

  private static List<Event> wholeBuild() {
    return List.of(
        SampleBuild.planned(),
        SampleBuild.moved(
            Transfer.DOWNLOAD, SampleBuild.digest("l1").toString(), 5, Optional.of(12_345_678L)),
        SampleBuild.moved(
            Transfer.DOWNLOAD,
            SampleBuild.digest("l1").toString(),
            12_345_678,
            Optional.of(12_345_678L)),
        SampleBuild.moved(
            Transfer.CACHED, SampleBuild.digest("l2").toString(), 0, Optional.of(4000L)),
        SampleBuild.started(SampleBuild.COMPILE, 0),
        SampleBuild.printed(SampleBuild.COMPILE, 0, "hello\n10%\r"),
        SampleBuild.complained(SampleBuild.COMPILE, 0, "careful\n"),
        SampleBuild.printed(SampleBuild.COMPILE, 0, "100%\r\nno line end"),
        SampleBuild.finished(SampleBuild.COMPILE, 0),
        SampleBuild.moved(Transfer.PACK, "layer", 10, Optional.of(10L)),
        SampleBuild.started(SampleBuild.COMPILE, 1),
        SampleBuild.finished(SampleBuild.COMPILE, 1),
        SampleBuild.started(SampleBuild.FINAL, 0),
        SampleBuild.finished(SampleBuild.COMPILE),
        SampleBuild.finished(SampleBuild.FINAL, 0),
        SampleBuild.finished(SampleBuild.FINAL),
        SampleBuild.pushed(Presence.EXISTED, "l1"),
        SampleBuild.pushed(Presence.UPLOADED, "l2"),
        SampleBuild.delivered(SampleBuild.PUSH),
        SampleBuild.delivered(new Delivery.ToTar("/out/image.tar")),
        SampleBuild.succeeded());
  }

  private void show(ViewSettings settings, List<Event> events) {
    var renderer = new PlainRenderer(settings, screen, model);
    for (var event : events) {
      now = now.plusSeconds(1);
      model.apply(event, now, renderer);
    }
  }

  private static ViewSettings plain(Severity least) {
    return settings(Mode.PLAIN, Format.TEXT, least, false, false);
  }

  private static ViewSettings settings(
      Mode mode, Format format, Severity least, boolean colours, boolean timestamps) {
    return new ViewSettings(mode, format, least, colours, timestamps, false);
  }

  @Test
  void theLastLineOfAJsonLogTellsProgramsWhatWasMade() {
    // when
    show(settings(Mode.PLAIN, Format.JSON, Severity.INFO, false, false), wholeBuild());

    // then
    var last = screen.errors().lines().toList().getLast();
    assertThat(last)
        .contains("\"msg\":\"Built\"", "\"images\":[\"example.com/app:1\"]")
        .contains("\"digest\":\"" + SampleBuild.MANIFEST + "\"", "\"name\":\"compile\"");
  }

  @Test
  void theLastLineOfAJsonLogTellsProgramsWhatFailed() {
    // given
    var failure =
        new Failure(
            "source-not-found",
            "no file matches nothing.txt",
            "Add it.",
            Optional.of(SourceLocation.ofLine("Dockerfile", 2)),
            1,
            List.of("COPY nothing.txt /", "also Dockerfile:3: another mistake"));

    // when
    show(
        settings(Mode.PLAIN, Format.JSON, Severity.INFO, false, false),
        List.of(SampleBuild.failed(failure)));

    // then
    assertThat(screen.errors().lines().toList())
        .hasSize(1)
        .first()
        .asString()
        .contains("\"msg\":\"error building image: no file matches nothing.txt\"")
        .contains("\"code\":\"source-not-found\"", "\"file\":\"Dockerfile\"", "\"line\":2")
        .contains("\"advice\":\"Add it.\"", "\"exit_code\":1")
        .contains("\"also\":[\"also Dockerfile:3: another mistake\"]");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 42, 255})
  void aCommandThatFailsIsToldInKanikosWords(int code) {
    // given
    var failure =
        new Failure(
            Failure.COMMAND_FAILED,
            "the command \"make\" failed: exit status " + code,
            "",
            Optional.of(SourceLocation.ofLine("Dockerfile", 2)),
            code,
            List.of());

    // when
    show(plain(Severity.INFO), List.of(SampleBuild.failed(failure)));

    // then
    assertThat(screen.errors())
        .endsWith(
            "error building image: error building stage: failed to execute command: waiting for"
                + " process to exit: exit status "
                + code
                + "\n");
  }

  @Test
  void whatAServiceSaidInKanikosWordsIsSaidOnce() {
    // given
    var message = "error pushing image: failed to push to destination example.com/app:1: no";

    // when
    show(
        plain(Severity.INFO),
        List.of(SampleBuild.failed(Failure.of("denied", message, "Log in."))));

    // then
    assertThat(screen.errors()).isEqualTo(message + "\nLog in.\n");
  }

  @Test
  void withoutAPushTheImageIsNamedAllTheSame() {
    // given
    model.name(List.of("example.com/only-named:1"));

    // when
    show(plain(Severity.INFO), List.of(SampleBuild.planned(), SampleBuild.succeeded()));

    // then
    assertThat(screen.errors()).contains("  image    example.com/only-named:1\n");
  }
}
