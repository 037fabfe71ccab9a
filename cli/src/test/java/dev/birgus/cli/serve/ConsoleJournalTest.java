package dev.birgus.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.cli.configuration.ServeSettings;
import dev.birgus.cli.progress.Screen;
import dev.birgus.infra.observe.Journal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleJournalTest {

  private final List<String> lines = new ArrayList<>();
  private final Screen screen =
      new Screen() {
        @Override
        public void out(String text) {}

        @Override
        public void err(String text) {
          lines.add(text);
        }

        @Override
        public int columns() {
          return 80;
        }
      };

  @Test
  void whatEveryLineHasIsNotReplacedByWhatAnEventIsAbout() {
    var journal =
        new ConsoleJournal(
            new ServeSettings.Log(true, Journal.Level.INFO),
            "here",
            screen,
            InstantSource.fixed(Instant.EPOCH));

    journal.log(Journal.Level.INFO, "a node is gone", Map.of("node", "there", "build", "b"));

    assertThat(lines)
        .containsExactly(
            "{\"time\":\"1970-01-01T00:00:00Z\",\"level\":\"info\",\"node\":\"here\","
                + "\"message\":\"a node is gone\",\"build\":\"b\",\"context_node\":\"there\"}\n");
  }
}
