package dev.birgus.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.cli.progress.ViewSettings.Format;
import dev.birgus.cli.progress.ViewSettings.Mode;
import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class ProgressViewTest {

  private static final int LINES = 2000;

  private final RecordingScreen screen = new RecordingScreen(80);

  @Test
  void nothingAStepPrintedIsShownAfterItsEnd() {
    // given
    try (var bus = InMemoryEventBus.reportingTo(Journal.silent());
        var view = view(Mode.PLAIN)) {
      view.attach(bus);

      // when
      publish(bus, Topic.EVENTS, SampleBuild.planned());
      publish(bus, Topic.EVENTS, SampleBuild.started(SampleBuild.COMPILE, 0));
      for (var i = 0; i < LINES; i++) {
        publish(bus, Topic.LOGS, SampleBuild.complained(SampleBuild.COMPILE, 0, i + "\n"));
      }
      publish(bus, Topic.EVENTS, SampleBuild.finished(SampleBuild.COMPILE, 0));
      publish(bus, Topic.EVENTS, SampleBuild.succeeded());
      view.finish(new Ending.Succeeded(SampleBuild.MANIFEST, 12_345_678));
    }

    // then
    assertThat(screen.errors())
        .containsSubsequence(
            "[compile 1/2] RUN make",
            "[compile 1/2] " + (LINES - 1) + "\n[compile 1/2] done in 1.5s\n",
            "Built in ",
            "digest");
    assertThat(screen.errors()).containsOnlyOnce("Built in ");
  }

  @Test
  void aFailureBeforeTheFirstEventIsShown() {
    // given
    try (var view = view(Mode.LIVE)) {
      // when
      view.end(new Ending.Failed(Failure.of("x", "no luck", "Try again.")));
      view.end(new Ending.Cancelled("late"));
    }

    // then
    assertThat(screen.errors()).endsWith("error building image: no luck\nTry again.\n");
  }

  private ProgressView view(Mode mode) {
    var settings = new ViewSettings(mode, Format.TEXT, Severity.INFO, false, false, false);
    return new ProgressView(settings, screen, InstantSource.system());
  }

  private static void publish(EventBus bus, Topic topic, Event event) {
    bus.publish(topic, SampleBuild.BUILD.value(), event);
  }
}
