package dev.birgus.cli.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page about moving from kaniko names only what there is. */
class MigrationPageTest {

  private static final Path PAGE = Path.of("../docs/kaniko-migration.md");
  private static final Pattern FLAG = Pattern.compile("(?<![\\w`-])`?--([a-z][A-Za-z-]+)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ `?(.*?)`?$");
  private static final Pattern LINK = Pattern.compile("\\]\\(#([^)]*)\\)");
  private static final Pattern PAGE_LINK = Pattern.compile("\\]\\(([a-z-]+\\.md)\\)");

  /** Flags of instructions, which the page is about too. */
  private static final Set<String> OF_INSTRUCTIONS =
      Set.of(
          "checksum",
          "chown",
          "device",
          "exclude",
          "from",
          "keep-git-dir",
          "link",
          "mount",
          "network",
          "parents",
          "platform",
          "start-interval");

  @Test
  void everyFlagItNamesIsInTheTable() throws IOException {
    var unknown = new TreeSet<String>();
    FLAG.matcher(Files.readString(PAGE))
        .results()
        .map(found -> found.group(1))
        .filter(name -> FlagTable.find(name).isEmpty() && !OF_INSTRUCTIONS.contains(name))
        .forEach(unknown::add);

    assertThat(unknown).isEmpty();
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    var page = Files.readString(PAGE);
    var anchors = new TreeSet<String>();
    HEADING
        .matcher(page)
        .results()
        .map(found -> found.group(1).toLowerCase(java.util.Locale.ROOT).replace(' ', '-'))
        .forEach(anchors::add);

    assertThat(LINK.matcher(page).results().map(found -> found.group(1)))
        .allSatisfy(anchor -> assertThat(anchors).contains(anchor));
    assertThat(PAGE_LINK.matcher(page).results().map(found -> found.group(1)))
        .allSatisfy(name -> assertThat(PAGE.resolveSibling(name)).exists());
  }

  @Test
  void theSwitchOfThePageIsTheOneOfTheTable() throws IOException {
    assertThat(Files.readString(PAGE)).contains("## `--kaniko-compat`");
    assertThat(FlagTable.find("kaniko-compat")).isPresent();
  }
}
