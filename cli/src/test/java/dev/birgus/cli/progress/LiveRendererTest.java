package dev.birgus.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.cli.progress.ViewSettings.Format;
import dev.birgus.cli.progress.ViewSettings.Mode;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LiveRendererTest {

  private final RecordingScreen screen = new RecordingScreen(60);
  private final BuildModel model = new BuildModel(SampleBuild.BEGUN);
  private Instant now = SampleBuild.BEGUN;
  private final LiveRenderer renderer =
      new LiveRenderer(
          new ViewSettings(Mode.LIVE, Format.TEXT, Severity.INFO, false, false, false),
          screen,
          model,
          () -> now);

  @Test
  void whatRunsIsDrawnWithItsLastLinesAndTransfers() {
    // given
    apply(SampleBuild.planned());
    apply(SampleBuild.started(SampleBuild.COMPILE, 0));
    apply(SampleBuild.printed(SampleBuild.COMPILE, 0, "1\n2\n3\n4\n\u001b[31mfive\u001b[0m\n"));
    apply(SampleBuild.moved(Transfer.DOWNLOAD, "sha256:abc", 25, Optional.of(100L)));

    // when
    renderer.tick();

    // then
    assertThat(screen.errors())
        .isEqualTo(
            """
            warning: D:1: FROM and as differ (odd-case)
            / [compile 1/2] RUN make \\ all                         2.0s
              | 2
              | 3
              | 4
              | five
              download sha256:abc [#####...............] 25 B of 100 B
            / building, 0 of 2 stages, 4.0s
            """);
  }

  @Test
  void eachDrawingReplacesTheOneBefore() {
    // given
    apply(SampleBuild.planned());
    apply(SampleBuild.started(SampleBuild.COMPILE, 0));
    renderer.tick();
    screen.clear();

    // when
    apply(SampleBuild.finished(SampleBuild.COMPILE, 0));
    renderer.tick();

    // then
    assertThat(screen.errors())
        .isEqualTo(
            """
            \u001b[2A\r\u001b[J[compile 1/2] RUN make \\ all                           1.5s
            - building, 0 of 2 stages, 3.0s
            """);
  }

  @Test
  void nothingOfTheDrawingIsLeftAtTheEnd() {
    // given
    apply(SampleBuild.planned());
    apply(SampleBuild.started(SampleBuild.COMPILE, 0));
    renderer.tick();
    screen.clear();

    // when
    apply(SampleBuild.succeeded());

    // then
    assertThat(screen.errors())
        .startsWith("\u001b[2A\r\u001b[J")
        .endsWith("  digest   " + SampleBuild.MANIFEST + "\n");
  }

  @Test
  void noLineIsWiderThanTheTerminal() {
    // given
    apply(SampleBuild.planned());
    apply(SampleBuild.started(SampleBuild.COMPILE, 0));
    apply(
        SampleBuild.printed(
            SampleBuild.COMPILE, 0, "漢字".repeat(100) + "\n" + "x".repeat(200) + "\n"));

    // when
    renderer.tick();

    // then
    assertThat(screen.errors().lines())
        .allSatisfy(line -> assertThat(Printable.width(line)).isLessThan(60));
  }

  private void apply(Event event) {
    now = now.plusSeconds(1);
    model.apply(event, now, renderer);
  }
}
