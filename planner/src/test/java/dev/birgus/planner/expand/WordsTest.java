package dev.birgus.planner.expand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.birgus.infra.contracts.FailureException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WordsTest {

  private static final Map<String, String> VARIABLES =
      Map.of(
          "name", "value",
          "empty", "",
          "path", "/usr/local/lib/x.tar.gz",
          "two", "a  b",
          "star", "a*b?c",
          "quote", "it's \"so\" \\",
          "_x1", "under",
          "ü", "umlaut",
          "1", "first");

  private static final Scope SCOPE = name -> Optional.ofNullable(VARIABLES.get(name));

  @ParameterizedTest(name = "{0} is {1}")
  @MethodSource({"plain", "quoted", "conditional", "trimmed", "replaced"})
  void aWordIsExpanded(String word, String expected) {
    assertThat(Words.expand(word, SCOPE, '\\')).isEqualTo(expected);
  }

  static Stream<Arguments> plain() {
    return pairs(
        """
        plain => plain
        $name => value
        ${name} => value
        x$name-y => xvalue-y
        x${name}y => xvaluey
        [$namey] => []
        $_x1$ü$1 => underumlautfirst
        [$12] => []
        $1a => firsta
        [$nothing] => []
        [${nothing}] => []
        a$ => a$
        $/$. => $/$.
        $$a => a
        $@x$?${!} => x
        }{ => }{
        ${1} => first
        """);
  }

  static Stream<Arguments> quoted() {
    return pairs(
        """
        '$name' => $name
        '\\' => \\
        '\\'x => \\x
        "$name" => value
        "${name}'" => value'
        'a"b' => a"b
        a"b"'c'd => abcd
        ""x'' => x
        $quote => it's "so" \\
        "$quote" => it's "so" \\
        \\$name => $name
        \\\\$name => \\value
        \\\\\\$name => \\$name
        "\\$name" => $name
        "\\\\$name" => \\value
        "\\"" => "
        "\\a\\'" => \\a\\'
        \\a\\'\\" => a'"
        a\\ => a
        $\\name => $name
        ${name}\\ x => value x
        """);
  }

  static Stream<Arguments> conditional() {
    return pairs(
        """
        ${name:-x} => value
        ${empty:-x} => x
        ${none:-x} => x
        ${name-x} => value
        [${empty-x}] => []
        ${none-x} => x
        ${name:+x} => x
        [${empty:+x}] => []
        [${none:+x}] => []
        ${name+x} => x
        ${empty+x} => x
        [${none+x}] => []
        ${name:?x} => value
        ${name?x} => value
        [${empty?x}] => []
        [${none:-}] => []
        ${none:-$name} => value
        ${none:-${no:-${name}}} => value
        ${none:-"a}b"} => a}b
        ${none:-'$name'} => $name
        ${none:-a\\}b} => a}b
        "${none:-"q r"}" => q r
        ${none:-a b} => a b
        ${none:--x} => -x
        ${none:-a:-b} => a:-b
        ${none:-{}x => {x
        ${name:+${name}s} => values
        """);
  }

  static Stream<Arguments> trimmed() {
    return pairs(
        """
        ${path#*/} => usr/local/lib/x.tar.gz
        ${path##*/} => x.tar.gz
        ${path%.*} => /usr/local/lib/x.tar
        ${path%%.*} => /usr/local/lib/x
        ${path#/usr} => /local/lib/x.tar.gz
        ${path#usr} => /usr/local/lib/x.tar.gz
        ${path%gz} => /usr/local/lib/x.tar.
        ${path%/*} => /usr/local/lib
        [${path##*}] => []
        ${path#*} => /usr/local/lib/x.tar.gz
        ${path#} => /usr/local/lib/x.tar.gz
        ${name#?} => alue
        ${name%%?} => valu
        ${name#v?l} => ue
        ${star#a\\*} => b?c
        ${star%\\?c} => a*b
        [${star##*"*"}] => []
        [${none#x}] => []
        ${name#${name%ue}} => ue
        ${name%"${none:-ue}"} => val
        """);
  }

  static Stream<Arguments> replaced() {
    return pairs(
        """
        ${path/\\//-} => -usr/local/lib/x.tar.gz
        ${path//\\//-} => -usr-local-lib-x.tar.gz
        ${name/a/b} => vblue
        ${name/x/b} => value
        ${name//?/x} => xxxxx
        ${name/a*u/-} => v-e
        ${name/l*/} => va
        ${name/*/$two} => a  b
        ${name//e/$1} => valufirst
        ${star//\\*/x} => axb?c
        ${star/\\?/} => a*bc
        [${none/a/b}] => []
        ${name/a/b/c} => vb/clue
        ${name/a/\\}} => v\\}lue
        """);
  }

  @Test
  void anEscapeCharacterOtherThanTheBackslashLeavesBackslashesAlone() {
    assertThat(Words.expand("C:\\dir\\$name`$name`` \"`\"\\\"", SCOPE, '`'))
        .isEqualTo("C:\\dir\\value$name` \"\\");
  }

  @Test
  void whiteSpaceInAWordStays() {
    assertThat(Words.expand("  a\t $two ", SCOPE, '\\')).isEqualTo("  a\t a  b ");
  }

  @Test
  void wordsAreSplitAtWhiteSpaceThatIsNotQuoted() {
    assertThat(Words.expandToWords(" a $two 'c d' \"e $two\" f\\ g '' $none x$two", SCOPE, '\\'))
        .containsExactly("a", "a", "b", "c d", "e a  b", "f g", "xa", "b");
  }

  @ParameterizedTest(name = "{0} fails as {1}")
  @MethodSource("failing")
  void whatIsWrongIsNamed(String word, String name, String message) {
    // when
    var thrown =
        catchThrowableOfType(FailureException.class, () -> Words.expand(word, SCOPE, '\\'));

    // then
    assertThat(thrown.failure().name()).isEqualTo(name);
    assertThat(thrown.failure().message()).isEqualTo(message);
    assertThat(thrown.failure().at()).isEmpty();
  }

  static Stream<Arguments> failing() {
    return Stream.of(
        bad("${", "there is no } for a ${ in \"${\""),
        bad("${name", "there is no } for a ${ in \"${name\""),
        bad("${name:", "there is no } for a ${ in \"${name:\""),
        bad("${name:-", "there is no } for a ${ in \"${name:-\""),
        bad("${name:-${x}", "there is no } for a ${ in \"${name:-${x}\""),
        bad("${}", "there is no name after ${ in \"${}\""),
        bad("${:-x}", "there is no name after ${ in \"${:-x}\""),
        bad("${{name}}", "there is no name after ${ in \"${{name}}\""),
        bad("${ name}", "there is no modifier \" \" in \"${ name}\""),
        bad("${name^^}", "there is no modifier \"^\" in \"${name^^}\""),
        bad("${name:x}", "there is no modifier \":x\" in \"${name:x}\""),
        bad("${name:}", "there is no modifier \":}\" in \"${name:}\""),
        bad("${name:/a/b}", "there is no modifier \":/\" in \"${name:/a/b}\""),
        bad("${!name}", "there is no modifier \"n\" in \"${!name}\""),
        bad("${name/a}", "there is no / between the pattern and its replacement in \"${name/a}\""),
        bad("${name#\\a}", "a backslash escapes nothing in the pattern \"\\a\""),
        Arguments.of("'a", "unmatched-quote", "a single quote is not closed in \"'a\""),
        Arguments.of("\"a", "unmatched-quote", "a double quote is not closed in \"\"a\""),
        Arguments.of("\"a\\\"", "unmatched-quote", "a double quote is not closed in \"\"a\\\"\""),
        Arguments.of("${none?}", "required-variable", "none: must be set"),
        Arguments.of("${none:?}", "required-variable", "none: must be set"),
        Arguments.of("${empty:?}", "required-variable", "empty: must not be empty"),
        Arguments.of("${none:?give $name}", "required-variable", "none: give value"));
  }

  @Test
  void bracesInsideEachOtherAreBounded() {
    var word = "${none:-".repeat(200_000) + "}".repeat(200_000);
    var thrown =
        catchThrowableOfType(FailureException.class, () -> Words.expand(word, SCOPE, '\\'));
    assertThat(thrown.failure().name()).isEqualTo("expansion-too-large");
  }

  @Test
  void anExpansionThatGrowsWithoutBoundIsRefused() {
    var large = "x".repeat(1 << 20);
    var thrown =
        catchThrowableOfType(
            FailureException.class,
            () -> Words.expand("$a".repeat(17), name -> Optional.of(large), '\\'));
    assertThat(thrown.failure().name()).isEqualTo("expansion-too-large");
  }

  private static Arguments bad(String word, String message) {
    return Arguments.of(word, "bad-substitution", message);
  }

  /** Word and result of each line, with an arrow between them. */
  private static Stream<Arguments> pairs(String table) {
    return Arrays.stream(table.split("\n"))
        .map(line -> line.split(" => ", 2))
        .map(pair -> Arguments.of(pair[0], pair[1]));
  }
}
