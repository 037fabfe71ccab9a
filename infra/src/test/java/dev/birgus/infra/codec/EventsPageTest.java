package dev.birgus.infra.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EventsPageTest {

  private static final Path FOLDER = Path.of("../docs/events");
  private static final String COMMAND =
      "./mvnw -pl infra test -Dtest=EventsPageTest -Dbirgus.docs=write";

  @Test
  void theSchemasOfPublicEventsAreThoseOfTheRecords() throws IOException {
    // given
    var files = EventsPage.files();
    if ("write".equals(System.getProperty("birgus.docs"))) {
      for (var path : written()) {
        Files.delete(FOLDER.resolve(path));
      }
      for (var file : files.entrySet()) {
        var path = FOLDER.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
    }

    // then
    assertThat(written())
        .as("docs/events; make it anew with %s", COMMAND)
        .isEqualTo(files.keySet());
    files.forEach((path, content) ->
        assertThat(FOLDER.resolve(path))
            .as("%s is not what the records say; make it anew with %s", path, COMMAND)
            .hasContent(content));
  }

  private static Set<String> written() {
    try (var files = Files.walk(FOLDER)) {
      return files
          .filter(each -> each.toString().endsWith(".json"))
          .map(each -> FOLDER.relativize(each).toString())
          .collect(Collectors.toSet());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
