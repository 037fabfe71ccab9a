package dev.birgus.executor.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LogValveTest {

  private Instant now = Instant.EPOCH;

  @Test
  void withoutALimitEverythingPasses() {
    var valve = new LogValve(0, () -> now);

    assertThat(valve.pass("x".repeat(1_000_000))).hasSize(1_000_000);
    assertThat(valve.gap()).isEmpty();
  }

  @Test
  void whatIsTooMuchIsLeftOutAndToldAtItsPlace() {
    var valve = new LogValve(10, () -> now);

    assertThat(valve.pass("x".repeat(80))).hasSize(80);
    assertThat(valve.pass("lost")).isEmpty();
    assertThat(valve.pass("lost too")).isEmpty();
    now = now.plus(Duration.ofSeconds(2));

    assertThat(valve.pass("seen\n"))
        .isEqualTo(
            "\n[birgus: 12 characters of output are left out here; a stage may print 10 each"
                + " second]\nseen\n");
  }

  @Test
  void aGapAtTheEndIsTold() {
    var valve = new LogValve(10, () -> now);

    assertThat(valve.pass("x".repeat(81))).isEmpty();

    assertThat(valve.gap()).contains("81 characters");
    assertThat(valve.gap()).isEmpty();
  }

  @Test
  void whatIsSavedUpHasABound() {
    var valve = new LogValve(10, () -> now);
    now = now.plus(Duration.ofDays(1));

    assertThat(valve.pass("x".repeat(80))).isNotEmpty();
    assertThat(valve.pass("x")).isEmpty();
  }
}
