package dev.birgus.planner.instruct;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every {@code language/…/name.dockerfile} is read to what {@code name.expected} says. Line feeds
 * show as ⏎, tabs as ⇥, carriage returns as ␍.
 */
class GoldenFilesTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("validFiles")
  void aWellFormedFileIsReadToWhatItMeans(String name) throws IOException {
    // given
    var text = read("valid/" + name + ".dockerfile");

    // when
    var result = DockerfileParser.parse("Dockerfile", text);

    // then
    assertThat(ReadableForm.of(result)).isEqualTo(read("valid/" + name + ".expected"));
    assertThat(result.errors()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalidFiles")
  void aFileThatIsWrongIsRefusedWithPlaceAndReason(String name) throws IOException {
    // given
    var text = read("invalid/" + name + ".dockerfile");

    // when
    var result = DockerfileParser.parse("Dockerfile", text);

    // then
    assertThat(ReadableForm.of(result)).isEqualTo(read("invalid/" + name + ".expected"));
    assertThat(result.errors()).isNotEmpty();
  }

  @Test
  void noFileIsForgotten() throws IOException {
    assertThat(validFiles()).hasSizeGreaterThanOrEqualTo(60);
    assertThat(invalidFiles()).hasSizeGreaterThanOrEqualTo(30);
  }

  static List<String> validFiles() throws IOException {
    return names("valid");
  }

  static List<String> invalidFiles() throws IOException {
    return names("invalid");
  }

  private static List<String> names(String folder) throws IOException {
    try (var files = Files.list(root().resolve(folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".dockerfile"))
          .map(name -> name.substring(0, name.lastIndexOf('.')))
          .sorted()
          .toList();
    }
  }

  private static String read(String file) throws IOException {
    return Files.readString(root().resolve(file));
  }

  private static Path root() {
    try {
      var url = GoldenFilesTest.class.getResource("/language");
      return Path.of(Objects.requireNonNull(url, "no folder language").toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
