package dev.birgus.planner.expand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.FailureException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What holds for every word, tried on many made up from a fixed seed. */
class WordsPropertyTest {

  private static final int TRIES = 5_000;
  private static final String ALPHABET = "ab${}:-+?#%/\\\"' `*_1ü😀\n";
  private static final Scope SCOPE =
      name -> Optional.ofNullable(Map.of("a", "x y", "b", "", "ab", "a*b/c\\").get(name));

  private final Random random = new Random(20_25);

  @Test
  void textWithoutSpecialCharactersStaysAsItIs() {
    for (var i = 0; i < TRIES; i++) {
      var word = text("abc xyz.,;/#%{}:-+?*~!@&|<>()[]=\n\tü😀");
      assertThat(Words.expand(word, SCOPE, '\\')).isEqualTo(word);
    }
  }

  @Test
  void whatIsEscapedCharacterByCharacterComesBack() {
    for (var i = 0; i < TRIES; i++) {
      var text = text(ALPHABET);
      var escape = random.nextBoolean() ? '\\' : '`';
      var written = new StringBuilder();
      for (var j = 0; j < text.length(); j++) {
        written.append(escape).append(text.charAt(j));
      }
      assertThat(Words.expand(written.toString(), SCOPE, escape)).isEqualTo(text);
    }
  }

  @Test
  void whatIsSingleQuotedComesBack() {
    for (var i = 0; i < TRIES; i++) {
      var text = text(ALPHABET);
      var written = "'" + text.replace("'", "'\"'\"'") + "'";
      assertThat(Words.expand(written, SCOPE, '\\')).isEqualTo(text);
    }
  }

  @Test
  void whatIsDoubleQuotedWithItsEscapesComesBack() {
    for (var i = 0; i < TRIES; i++) {
      var text = text(ALPHABET);
      var written =
          "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + "\"";
      assertThat(Words.expand(written, SCOPE, '\\')).isEqualTo(text);
      assertThat(Words.expandToWords(written, SCOPE, '\\'))
          .isEqualTo(text.isEmpty() ? List.of() : List.of(text));
    }
  }

  @Test
  void aValueIsNeverExpandedAgain() {
    for (var i = 0; i < TRIES; i++) {
      var value = text(ALPHABET);
      Scope scope = name -> Optional.of(value);
      assertThat(Words.expand("$v${v}\"$v\"${v:-x}", scope, '\\'))
          .isEqualTo(value.isEmpty() ? "x" : value.repeat(4));
    }
  }

  @Test
  void splittingTakesNothingAwayButWhiteSpace() {
    for (var i = 0; i < TRIES; i++) {
      var word = text(ALPHABET);
      try {
        var whole = Words.expand(word, SCOPE, '\\').replaceAll("\\s", "");
        var parts = String.join("", Words.expandToWords(word, SCOPE, '\\')).replaceAll("\\s", "");
        assertThat(parts).isEqualTo(whole);
      } catch (FailureException declared) {
        assertThat(declared.failure().name()).isNotEmpty();
      }
    }
  }

  /** Whatever stands in a substitution, it ends where it ends and what follows is as before. */
  @Test
  void aSubstitutionMeansTheSameWhereverItStandsAndFailsOnlyAsDeclared() {
    var good = 0;
    for (var i = 0; i < 5 * TRIES; i++) {
      var escape = random.nextBoolean() ? '\\' : '`';
      var word = "${" + text(ALPHABET);
      var alone = expansion(word, escape);
      assertThat(expansion("," + word, escape)).isEqualTo(alone.map(text -> "," + text));
      // An escape at the end would take what follows, and a quote that is open would end there.
      if (alone.isPresent() && word.charAt(word.length() - 1) != escape) {
        assertThat(expansion(word + "," + word, escape))
            .isEqualTo(alone.map(text -> text + "," + text));
      }
      good += alone.isPresent() ? 1 : 0;
    }
    assertThat(good).as("words that are right").isPositive();
  }

  private static Optional<String> expansion(String word, char escape) {
    try {
      return Optional.of(Words.expand(word, SCOPE, escape));
    } catch (FailureException declared) {
      assertThat(declared.failure().name())
          .isIn("bad-substitution", "unmatched-quote", "required-variable");
      return Optional.empty();
    }
  }

  @Test
  void patternsMatchAsRegularExpressionsOfTheSameMeaningDo() {
    for (var i = 0; i < TRIES; i++) {
      var written = text("ab*?");
      var value = text("aab");
      var pattern = ShellPattern.parse(written);
      var greedy = Pattern.compile(regex(written, ".*"));
      var reluctant = Pattern.compile(regex(written, ".*?"));
      assertThat(pattern.replaceFirst(value, "x"))
          .isEqualTo(greedy.matcher(value).replaceFirst("x"));
      assertThat(pattern.withoutPrefix(value, true)).isEqualTo(withoutPrefix(greedy, value));
      assertThat(pattern.withoutPrefix(value, false)).isEqualTo(withoutPrefix(reluctant, value));
      assertThat(pattern.withoutSuffix(value, true)).isEqualTo(withoutSuffix(greedy, value, true));
      assertThat(pattern.withoutSuffix(value, false))
          .isEqualTo(withoutSuffix(greedy, value, false));
      if (!greedy.matcher("").matches()) {
        assertThat(pattern.replaceAll(value, "x")).isEqualTo(greedy.matcher(value).replaceAll("x"));
      }
    }
  }

  @Test
  void modifiersChooseByWhetherAVariableIsSetOrEmpty() {
    for (var i = 0; i < TRIES; i++) {
      var value = List.of(Optional.<String>empty(), Optional.of(""), Optional.of(text("abc")));
      var known = value.get(random.nextInt(value.size()));
      var word = text("xyz ");
      var isSet = known.isPresent();
      var hasText = known.filter(text -> !text.isEmpty()).isPresent();
      Scope scope = name -> name.equals("v") ? known : Optional.of("w");
      assertThat(Words.expand("${v-" + word + "}", scope, '\\'))
          .isEqualTo(isSet ? known.get() : word);
      assertThat(Words.expand("${v:-" + word + "}", scope, '\\'))
          .isEqualTo(hasText ? known.get() : word);
      assertThat(Words.expand("${v+" + word + "}", scope, '\\')).isEqualTo(isSet ? word : "");
      assertThat(Words.expand("${v:+" + word + "}", scope, '\\')).isEqualTo(hasText ? word : "");
      assertThat(Words.expand("\"<${v:-'$u'${u}\\}}>\"", scope, '\\'))
          .isEqualTo("<" + (hasText ? known.get() : "$uw}") + ">");
      assertThat(failureOf("${v?" + word + "}", scope).isEmpty()).isEqualTo(isSet);
      assertThat(failureOf("${v:?" + word + "}", scope).isEmpty()).isEqualTo(hasText);
    }
  }

  @Test
  void modifiersInsideEachOtherAreReadFromTheInside() {
    Scope scope = name -> name.equals("set") ? Optional.of("s") : Optional.empty();
    for (var i = 0; i < TRIES; i++) {
      var word = "x";
      var value = "x";
      for (var depth = random.nextInt(20); depth > 0; depth--) {
        var name = random.nextBoolean() ? "set" : "unset";
        var modifier = List.of("-", "+", ":-", ":+").get(random.nextInt(4));
        var takesWord = modifier.endsWith("-") != name.equals("set");
        word = "${" + name + modifier + word + "}";
        value = takesWord ? value : name.equals("set") ? "s" : "";
      }
      assertThat(Words.expand(word, scope, '\\')).as(word).isEqualTo(value);
    }
  }

  private static Optional<String> failureOf(String word, Scope scope) {
    try {
      Words.expand(word, scope, '\\');
      return Optional.empty();
    } catch (FailureException declared) {
      return Optional.of(declared.failure().name());
    }
  }

  private static String regex(String pattern, String star) {
    return pattern.replace("?", ".").replace("*", star);
  }

  private static String withoutPrefix(Pattern pattern, String value) {
    var matcher = pattern.matcher(value);
    return matcher.lookingAt() ? value.substring(matcher.end()) : value;
  }

  private static String withoutSuffix(Pattern pattern, String value, boolean longest) {
    for (var i = 0; i <= value.length(); i++) {
      var start = longest ? i : value.length() - i;
      if (pattern.matcher(value).region(start, value.length()).matches()) {
        return value.substring(0, start);
      }
    }
    return value;
  }

  private String text(String alphabet) {
    var characters = alphabet.codePoints().toArray();
    var text = new StringBuilder();
    for (var i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(characters[random.nextInt(characters.length)]);
    }
    return text.toString();
  }
}
