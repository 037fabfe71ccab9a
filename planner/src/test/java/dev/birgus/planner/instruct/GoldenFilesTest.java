package dev.birgus.planner.instruct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.planner.instruct.GoldenCases.Case;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every golden input is read to what is expected of it. In what is expected line feeds show as ⏎,
 * tabs as ⇥, carriage returns as ␍. With {@code -Dbirgus.golden=write} what comes out is written
 * down as expected; look at the difference then.
 */
class GoldenFilesTest {

  @BeforeAll
  static void writeIfAsked() throws IOException {
    if ("write".equals(System.getProperty("birgus.golden"))) {
      var results = new ArrayList<Case>();
      for (var input : GoldenCases.all()) {
        results.add(new Case(input.file(), input.name(), input.text(), readableForm(input)));
      }
      GoldenCases.write(results);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void anInputIsReadToWhatItMeansOrRefusedWithPlaceAndReason(Case input) {
    assertThat(readableForm(input)).isEqualTo(input.expected());
    assertThat(DockerfileParser.parse("Dockerfile", input.text()).errors().isEmpty())
        .as("is without errors")
        .isEqualTo(input.isValid());
  }

  @Test
  void thereAreManyAndNoTwoAreTheSame() {
    var valid = cases().stream().filter(Case::isValid).count();
    assertThat(valid).isGreaterThanOrEqualTo(150);
    assertThat(cases().size() - valid).isGreaterThanOrEqualTo(60);
    assertThat(new HashSet<>(cases().stream().map(Case::text).toList())).hasSameSizeAs(cases());
  }

  static List<Case> cases() {
    return GoldenCases.all();
  }

  private static String readableForm(Case input) {
    return ReadableForm.of(DockerfileParser.parse("Dockerfile", input.text()));
  }
}
