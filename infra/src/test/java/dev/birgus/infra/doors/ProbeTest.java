package dev.birgus.infra.doors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProbeTest {

  private Instant now = Instant.EPOCH;
  private boolean refuses;
  private final Probe probe =
      new Probe(
          "test",
          () -> {
            if (refuses) {
              throw new IOException("access denied");
            }
          },
          () -> now);
  private final Health health = new Health().expects("bus");

  ProbeTest() {
    health.watch("bus", probe::problem);
  }

  private void later(int seconds) {
    now = now.plusSeconds(seconds);
  }

  @Test
  void oneRefusalIsNoProblem() throws Exception {
    later(10);
    probe.ask();
    refuses = true;
    later(10);
    probe.ask();

    assertThat(health.problems()).isEmpty();
  }

  @Test
  void whatRefusesForHalfAMinuteIsNotReadyAndSaysWhy() throws Exception {
    refuses = true;
    later(30);
    probe.ask();

    assertThat(health.problems()).isEqualTo(Map.of("bus", "no answer for 30 s: access denied"));
  }

  @Test
  void aQuestionThatHangsIsNotReady() {
    later(45);

    assertThat(health.problems()).isEqualTo(Map.of("bus", "no answer for 45 s"));
  }

  @Test
  void whatAnswersAgainIsReadyAgain() throws Exception {
    refuses = true;
    later(60);
    probe.ask();
    refuses = false;
    probe.ask();

    assertThat(health.problems()).isEmpty();
  }
}
