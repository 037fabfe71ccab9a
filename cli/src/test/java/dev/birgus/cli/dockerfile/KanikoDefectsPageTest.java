package dev.birgus.cli.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of kaniko's defects names cases there are. */
class KanikoDefectsPageTest {

  private static final Path PAGE = Path.of("../docs/kaniko-defects.md");
  private static final Pattern LAST_CELL = Pattern.compile("\\| `(\\w+)`: (.*) \\|$");

  private static final Map<String, List<Case>> TOPICS =
      Map.ofEntries(
          Map.entry("AddRemoteTest", AddRemoteTest.CASES),
          Map.entry("ArchiveTest", ArchiveTest.CASES),
          Map.entry("ConfigurationTest", ConfigurationTest.CASES),
          Map.entry("CopyFilesTest", CopyFilesTest.CASES),
          Map.entry("CopyFromTest", CopyFromTest.CASES),
          Map.entry("CopyOptionsTest", CopyOptionsTest.CASES),
          Map.entry("EarlierBuildsTest", EarlierBuildsTest.CASES),
          Map.entry("HeredocTest", HeredocTest.CASES),
          Map.entry("IgnoreFileTest", IgnoreFileTest.CASES),
          Map.entry("LayersTest", LayersTest.CASES),
          Map.entry("RunMountTest", RunMountTest.CASES),
          Map.entry("RunTest", RunTest.CASES),
          Map.entry("VariablesTest", VariablesTest.CASES));

  @Test
  void everyDefectHasACase() throws IOException {
    var rows =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| kaniko |"))
            .toList();
    assertThat(rows).hasSizeGreaterThan(50).allSatisfy(KanikoDefectsPageTest::namesACase);
  }

  private static void namesACase(String row) {
    var cell = LAST_CELL.matcher(row);
    assertThat(cell.find()).as(row).isTrue();
    assertThat(TOPICS.getOrDefault(cell.group(1), List.of()))
        .extracting(each -> each.name)
        .contains(cell.group(2));
  }
}
