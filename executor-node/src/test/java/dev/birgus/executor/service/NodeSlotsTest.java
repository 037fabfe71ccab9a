package dev.birgus.executor.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.birgus.infra.contracts.FailureException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class NodeSlotsTest {

  private static final long GIB = 1L << 30;

  @Test
  void aSlotNeedsACoreAndMemory() {
    assertThat(NodeSlots.of(OptionalInt.empty(), 8, 32 * GIB, 2 * GIB)).isEqualTo(8);
    assertThat(NodeSlots.of(OptionalInt.empty(), 8, 7 * GIB, 2 * GIB)).isEqualTo(3);
    assertThat(NodeSlots.of(OptionalInt.empty(), 8, GIB, 2 * GIB)).isEqualTo(1);
  }

  @Test
  void moreThanCoresMayBeAskedForButNotMoreThanThereIsMemory() {
    assertThat(NodeSlots.of(OptionalInt.of(12), 8, 32 * GIB, 2 * GIB)).isEqualTo(12);
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> NodeSlots.of(OptionalInt.of(4), 8, 7 * GIB, 2 * GIB))
        .withMessageContaining("1 to 3");
  }
}
