package dev.birgus.infra.observe.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LibraryLogsTest {

  private final List<String> told = new ArrayList<>();
  private long now;

  private final LibraryLines lines = new LibraryLines(() -> now);
  private final Logger logger = new LibraryLogger("kafka.Broker", lines);

  private void listen() {
    lines.giveTo((level, message, context) ->
        told.add(level + " " + message + " " + new TreeMap<>(context)));
  }

  @Test
  void warningsAndErrorsAreToldWithWhoseTheyAre() {
    // given
    listen();

    // when
    logger.info("nothing of note");
    logger.warn("the disk of {} is {}", "n1", "slow");
    logger.error("the disk\nis gone", new IOException("gone\nfor good"));

    // then
    assertThat(told)
        .containsExactly(
            "WARN the disk of n1 is slow {library=kafka.Broker}",
            "ERROR the disk is gone {error=java.io.IOException: gone for good, library=kafka.Broker}");
  }

  @Test
  void theSameIsToldOnceAMinuteAndCounted() {
    // given
    listen();

    // when
    for (var attempt = 0; attempt < 100; attempt++) {
      logger.warn("attempt {}", attempt);
    }
    now += Duration.ofMinutes(1).toNanos();
    logger.warn("attempt {}", 100);

    // then
    assertThat(told)
        .containsExactly(
            "WARN attempt 0 {library=kafka.Broker}",
            "WARN attempt 100 {left_out=99, library=kafka.Broker}");
  }

  @Test
  void aFloodIsCutOff() {
    // given
    listen();

    // when
    for (var line = 0; line < 10_000; line++) {
      logger.warn("line " + line);
    }

    // then
    assertThat(told).hasSize(LibraryLines.MOST);
  }

  @Test
  void theProcessSaysWhereItGoes() throws Exception {
    // given
    var provider = new LibraryLogs();
    provider.initialize();
    var heard = new ArrayList<String>();
    Journal journal = (_, message, _) -> heard.add(message);

    // when
    try (var _ = LibraryLogs.to(journal)) {
      provider.getLoggerFactory().getLogger("a").warn("while it is open");
    }
    provider.getLoggerFactory().getLogger("a").warn("when it is closed");

    // then
    assertThat(heard).containsExactly("while it is open");
  }
}
