package dev.birgus.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.birgus.infra.contracts.FailureException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PairsTest {

  @Test
  void aNameAloneTakesItsValueFromTheEnvironmentAndIsEmptyWithoutOne() {
    assertThat(Pairs.buildArguments(List.of("A=1=2", "HOME", "GONE", "E="), Map.of("HOME", "/h")))
        .containsExactly(entry("A", "1=2"), entry("HOME", "/h"), entry("GONE", ""), entry("E", ""));
  }

  @Test
  void theLastValueCounts() {
    assertThat(Pairs.buildArguments(List.of("A=1", "B=2", "A=3"), Map.of()))
        .containsExactly(entry("B", "2"), entry("A", "3"));
    assertThat(Pairs.parse("label", List.of("a=1", "a=2"))).containsExactly(entry("a", "2"));
  }

  @Test
  void aMissingNameIsRefusedWithoutShowingTheValueOfAnArgument() {
    assertThatThrownBy(() -> Pairs.buildArguments(List.of("=secret"), Map.of()))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("--build-arg")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> Pairs.parse("label", List.of("novalue")))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("--label")
        .hasMessageContaining("novalue");
    assertThatThrownBy(() -> Pairs.parse("label", List.of("=x")))
        .isInstanceOf(FailureException.class);
  }
}
