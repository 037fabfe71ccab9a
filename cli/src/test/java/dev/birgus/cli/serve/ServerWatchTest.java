package dev.birgus.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.doors.PrometheusMetrics;
import dev.birgus.infra.observe.Journal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerWatchTest {

  private final List<String> logged = new ArrayList<>();

  @Test
  void everythingABusTellsIsCountedAndLoggedByTheBusAlone() {
    try (var metrics = new PrometheusMetrics()) {
      var watch = new ServerWatch(metrics, (_, message, _) -> logged.add(message));

      watch.unreadable("events");
      watch.deliveredAgain("work.default");
      watch.leaseLost("work.default");
      watch.notSent("logs");
      watch.placeLost("control");
      watch.begunAnew("builds", new IllegalStateException("fenced"));
      watch.typeUnknown("Later");

      assertThat(metrics.text())
          .contains("birgus_events_unreadable_total{topic=\"events\"} 1.0")
          .contains("birgus_jobs_again_total{queue=\"work.default\"} 1.0")
          .contains("birgus_leases_lost_total{queue=\"work.default\"} 1.0")
          .contains("birgus_events_not_sent_total{topic=\"logs\"} 1.0")
          .contains("birgus_places_lost_total{topic=\"control\"} 1.0")
          .contains("birgus_processors_anew_total{processor=\"builds\"} 1.0")
          .contains("birgus_events_skipped_total 1.0");
      assertThat(logged).isEmpty();
    }
  }

  @Test
  void aPartThatHasStoppedIsAProblem() {
    try (var metrics = new PrometheusMetrics()) {
      var watch = new ServerWatch(metrics, Journal.silent());
      assertThat(watch.problem()).isEmpty();

      watch.stopped("bus-builds", new IllegalStateException("fenced"));

      assertThat(watch.problem()).contains("bus-builds has stopped: fenced");
    }
  }
}
