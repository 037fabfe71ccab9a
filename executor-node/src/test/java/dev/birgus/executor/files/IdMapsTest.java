package dev.birgus.executor.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class IdMapsTest {

  @Test
  void theIdsOfANamespaceAreItsRanges() {
    var map = List.of("         0       1000          1", "         1     100000      65536");

    assertThat(IdMaps.ranges(map)).isEqualTo("0-0, 1-65536");
  }

  @Test
  void whoIsMissingAndWhoIsThereIsTold() throws Exception {
    var failure = IdMaps.noSuchOwner("etc/file", 1_000_660_000L, 0).failure();

    assertThat(failure.name()).isEqualTo("id-not-mapped");
    assertThat(failure.message())
        .contains("/etc/file belongs to 1000660000:0")
        .contains("it has the users 0-");
    assertThat(failure.advice()).contains("/etc/subuid");
  }
}
