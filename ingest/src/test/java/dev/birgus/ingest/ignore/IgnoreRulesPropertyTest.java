package dev.birgus.ingest.ignore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Random rules against a second, slow and simple, reading of the same definition. */
class IgnoreRulesPropertyTest {

  private static final List<String> PIECES =
      List.of("a", "b", "ab", ".", "*", "**", "**/", "/", "?", "[ab]", "[^a]", "\\*", "a/b", "+");

  private static final Pattern SPECIAL = Pattern.compile("\\\\\\*|\\*\\*/?|\\*|\\?|\\.|\\+");

  private static final Map<String, Pattern> COMPILED = new HashMap<>();

  private static final List<String> NAMES = List.of("a", "b", "ab", "a.b", "*", "a+b");

  @Test
  void thePathsExcludedAreThoseTheDefinitionExcludes() {
    for (var seed = 0; seed < 3000; seed++) {
      // given
      var random = new Random(seed);
      var lines = randomRules(random);
      var rules = IgnoreRules.parse(String.join("\n", lines));

      for (var path : allPaths()) {
        // then
        assertThat(rules.excludes(path))
            .as("seed %s: %s on %s", seed, lines, path)
            .isEqualTo(isExcludedByDefinition(lines, path));
      }
    }
  }

  @Test
  void aDirectoryIsPrunedOnlyIfEverythingInItIsExcluded() {
    for (var seed = 0; seed < 3000; seed++) {
      // given
      var random = new Random(seed);
      var lines = randomRules(random);
      var rules = IgnoreRules.parse(String.join("\n", lines));

      for (var path : allPaths()) {
        if (rules.excludes(path)) {
          continue;
        }
        for (var slash = path.lastIndexOf('/');
            slash > 0;
            slash = path.lastIndexOf('/', slash - 1)) {
          // then
          assertThat(rules.mayContainIncluded(path.substring(0, slash)))
              .as("seed %s: %s keeps %s", seed, lines, path)
              .isTrue();
        }
      }
    }
  }

  private static List<String> randomRules(Random random) {
    var lines = new ArrayList<String>();
    for (var count = 1 + random.nextInt(4); count > 0; count--) {
      var line = new StringBuilder(random.nextInt(3) == 0 ? "!" : "");
      for (var pieces = 1 + random.nextInt(5); pieces > 0; pieces--) {
        line.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      lines.add(line.toString());
    }
    lines.removeIf(line -> cleaned(line).isEmpty());
    return lines;
  }

  private static List<String> allPaths() {
    var paths = new ArrayList<>(NAMES);
    for (var first : NAMES) {
      for (var second : NAMES) {
        paths.add(first + "/" + second);
        paths.add(first + "/" + second + "/a");
        paths.add(first + "/b/" + second);
      }
    }
    return paths;
  }

  private static boolean isExcludedByDefinition(List<String> lines, String path) {
    var matching = matching(lines, path);
    return !matching.isEmpty() && !lines.get(matching.last()).startsWith("!");
  }

  /**
   * The rules in force at a path: those in force at its parent, and of the others those that match
   * it and would change what the rules before them make of it.
   */
  private static NavigableSet<Integer> matching(List<String> lines, String path) {
    var slash = path.lastIndexOf('/');
    var inherited = slash < 0 ? new TreeSet<Integer>() : matching(lines, path.substring(0, slash));
    var matching = new TreeSet<Integer>();
    for (var i = 0; i < lines.size(); i++) {
      var excluded = !matching.isEmpty() && !lines.get(matching.last()).startsWith("!");
      var expression = compiled(lines.get(i));
      if (inherited.contains(i)
          || (lines.get(i).startsWith("!") == excluded && expression.matcher(path).matches())) {
        matching.add(i);
      }
    }
    return matching;
  }

  private static Pattern compiled(String line) {
    return COMPILED.computeIfAbsent(line, _ -> Pattern.compile(expression(cleaned(line))));
  }

  private static String cleaned(String line) {
    var pattern = line.startsWith("!") ? line.substring(1) : line;
    var names = new ArrayList<String>();
    for (var name : pattern.split("/")) {
      if (name.equals("..")) {
        if (!names.isEmpty() && !names.getLast().equals("..")) {
          names.removeLast();
        } else if (!pattern.startsWith("/")) {
          names.add(name);
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return String.join("/", names);
  }

  private static String expression(String pattern) {
    if (pattern.matches("\\*\\*[^/*?\\[\\]\\\\][^*?\\[\\]\\\\]*")) {
      return ".*" + Pattern.quote(pattern.substring(2));
    }
    return SPECIAL
        .matcher(pattern)
        .replaceAll(match ->
            Matcher.quoteReplacement(
                switch (match.group()) {
                  case "\\*" -> "\\*";
                  case "**", "**/" -> match.end() == pattern.length() ? ".*" : "(.*/)?";
                  case "*" -> "[^/]*";
                  case "?" -> "[^/]";
                  case "." -> "\\.";
                  default -> "\\+";
                }));
  }
}
