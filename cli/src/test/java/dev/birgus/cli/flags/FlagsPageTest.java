package dev.birgus.cli.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FlagsPageTest {

  private static final Path PAGE = Path.of("../docs/flags.md");
  private static final String COMMAND =
      "./mvnw -pl cli -am test -Dtest=FlagsPageTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dbirgus.docs=write";

  @Test
  void thePageOfFlagsSaysWhatTheTablesSay() throws IOException {
    // given
    var page = FlagsPage.markdown();
    if ("write".equals(System.getProperty("birgus.docs"))) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }

    // then
    assertThat(PAGE)
        .as("docs/flags.md is not what the tables say; make it anew with %s", COMMAND)
        .exists()
        .hasContent(page);
  }

  @Test
  void everyFlagIsOnThePage() {
    assertThat(FlagTable.names())
        .allSatisfy(name -> assertThat(FlagsPage.markdown()).contains("`--" + name + "`"));
  }
}
