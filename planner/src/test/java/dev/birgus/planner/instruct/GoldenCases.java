package dev.birgus.planner.instruct;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The golden inputs below {@code src/test/resources/language}. In {@code valid} and {@code invalid}
 * are
 *
 * <ul>
 *   <li>pairs {@code name.dockerfile} and {@code name.expected}, for inputs whose every byte
 *       matters, and
 *   <li>sheets {@code name.golden} of many cases: a line {@code ##### name}, the Dockerfile, a line
 *       {@code -----}, and what is expected. A carriage return is written ␍ there.
 * </ul>
 */
final class GoldenCases {

  static final Path ROOT = Path.of("src/test/resources/language");

  private static final String TITLE = "##### ";
  private static final String RULE = "-----\n";

  private GoldenCases() {}

  /**
   * An input and what it is read to.
   *
   * @param file the pair's input, or the sheet
   */
  record Case(Path file, String name, String text, String expected) {

    boolean isValid() {
      return file.startsWith(ROOT.resolve("valid"));
    }

    @Override
    public String toString() {
      return ROOT.relativize(file) + " " + name;
    }
  }

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    try {
      for (var folder : List.of("valid", "invalid")) {
        for (var file : files(ROOT.resolve(folder))) {
          cases.addAll(file.toString().endsWith(".golden") ? sheet(file) : pair(file));
        }
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return cases;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(file -> !file.toString().endsWith(".expected")).sorted().toList();
    }
  }

  private static List<Case> pair(Path file) throws IOException {
    var expected = expected(file);
    return List.of(
        new Case(
            file,
            "",
            Files.readString(file),
            Files.exists(expected) ? Files.readString(expected) : ""));
  }

  private static Path expected(Path input) {
    return input.resolveSibling(input.getFileName().toString().replace(".dockerfile", ".expected"));
  }

  private static List<Case> sheet(Path file) throws IOException {
    var cases = new ArrayList<Case>();
    for (var part : ("\n" + Files.readString(file)).split("\n" + TITLE, -1)) {
      if (part.isBlank()) {
        continue;
      }
      var nameEnd = part.indexOf('\n');
      var body = part.substring(nameEnd + 1) + "\n";
      var rule = body.startsWith(RULE) ? 0 : body.indexOf("\n" + RULE) + 1;
      var written = body.substring(0, rule).replace("␍", "\r");
      var expected = body.substring(rule + RULE.length()).strip();
      cases.add(new Case(file, part.substring(0, nameEnd), written, expected + "\n"));
    }
    return cases;
  }

  /** Writes these results where the expected ones were. */
  static void write(List<Case> results) throws IOException {
    for (var file : results.stream().map(Case::file).distinct().toList()) {
      var cases = results.stream().filter(result -> result.file().equals(file)).toList();
      if (!file.toString().endsWith(".golden")) {
        Files.writeString(expected(file), cases.getFirst().expected());
        continue;
      }
      var sheet = new StringBuilder();
      for (var written : cases) {
        sheet.append(sheet.isEmpty() ? "" : "\n").append(TITLE).append(written.name()).append('\n');
        sheet.append(written.text().replace("\r", "␍")).append(RULE).append(written.expected());
      }
      Files.writeString(file, sheet);
    }
  }
}
