package dev.birgus.infra.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The line {@link FaultProxy#limit} makes slow. */
final class LinkTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @Test
  void whatIsSentWaitsForItselfAndForAllThatWasSentBefore() {
    var link = new Link(1000, 0);

    assertThat(link.reserve(500, 0)).isEqualTo(SECOND / 2);
    assertThat(link.reserve(1000, 0)).isEqualTo(SECOND * 3 / 2);
    assertThat(link.reserve(500, SECOND)).isEqualTo(SECOND);
  }

  @Test
  void timeInWhichNothingWasSentIsNotSaved() {
    var link = new Link(1000, 0);

    assertThat(link.reserve(1000, 60 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void manyBytesDoNotOverflow() {
    assertThat(new Link(1000, 0).reserve(Integer.MAX_VALUE, 0))
        .isEqualTo(Integer.MAX_VALUE * (SECOND / 1000));
  }
}
