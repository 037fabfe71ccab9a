package dev.birgus.planner.instruct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.planner.instruct.LanguagePage.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LanguagePageTest {

  private static final Path PAGE = Path.of("../docs/dockerfile.md");
  private static final String COMMAND =
      "./mvnw -pl planner -am test -Dtest=LanguagePageTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dbirgus.docs=write";

  @Test
  void thePageOfTheLanguageIsAsItsTableSays() throws IOException {
    // given
    var page = LanguagePage.markdown();
    if ("write".equals(System.getProperty("birgus.docs"))) {
      Files.writeString(PAGE, page);
    }

    // then
    assertThat(PAGE)
        .as("docs/dockerfile.md is not what the table says; make it anew with %s", COMMAND)
        .exists()
        .hasContent(page);
  }

  @Test
  void thePageHasEveryInstructionAndFlagTheParserKnowsAndNoOther() {
    var known = new ArrayList<String>();
    for (var keyword : Keyword.values()) {
      known.add(keyword + " ");
      InstructionFlags.of(keyword).keySet().forEach(flag -> known.add(keyword + " " + flag));
    }

    assertThat(LanguagePage.rows().stream().map(LanguagePageTest::name).toList())
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void everyRowSaysWhetherItWorks() {
    assertThat(LanguagePage.rows())
        .allSatisfy(row -> {
          assertThat(row.works()).isIn(List.of("yes", "no"));
          assertThat(row.note()).endsWith(".");
        });
  }

  private static String name(Row row) {
    return row.keyword() + " " + row.flag();
  }
}
