package dev.birgus.infra.doors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.observe.Meter;
import org.junit.jupiter.api.Test;

class PrometheusMetricsTest {

  @Test
  void aGaugeThatIsForgottenIsShownNoMoreUntilItIsGivenAgain() {
    try (var metrics = new PrometheusMetrics()) {
      metrics.gauge(Meter.POOL_SLOTS, () -> 3, "arm");
      metrics.gauge(Meter.POOL_SLOTS, () -> 4, "default");
      metrics.forget(Meter.POOL_SLOTS, "arm");
      metrics.forget(Meter.POOL_SLOTS, "unknown");
      assertThat(metrics.text())
          .contains("birgus_pool_slots{pool=\"default\"} 4.0")
          .doesNotContain("pool=\"arm\"");

      metrics.gauge(Meter.POOL_SLOTS, () -> 5, "arm");
      assertThat(metrics.text()).contains("birgus_pool_slots{pool=\"arm\"} 5.0");
    }
  }
}
