package dev.birgus.infra.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RedeliveryTest {

  @Test
  void aJobWaitsLongerEachTimeUpToAMinute() {
    var pauses = IntStream.rangeClosed(1, 100).mapToObj(Redelivery::pause).toList();

    assertThat(pauses).isSorted().startsWith(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(pauses.getLast()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void deliveriesAreCountedFromOne() {
    assertThatThrownBy(() -> Redelivery.pause(0)).hasMessageContaining("counted from 1");
  }
}
