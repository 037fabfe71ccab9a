package dev.birgus.infra.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NeedTest {

  @Test
  void whatIsMissingSkipsATestUnlessEverythingHasToBeThere() {
    assertThatCode(() -> Need.need(true, "skopeo", true)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Need.need(false, "skopeo", false))
        .isNotInstanceOf(AssertionError.class)
        .hasMessageContaining("skopeo");
    assertThatThrownBy(() -> Need.need(false, "skopeo", true))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("skopeo");
  }
}
