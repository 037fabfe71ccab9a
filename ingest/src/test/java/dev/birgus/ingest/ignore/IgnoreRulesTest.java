package dev.birgus.ingest.ignore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.FailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IgnoreRulesTest {

  private static IgnoreRules rules(String... lines) {
    return IgnoreRules.parse(String.join("\n", lines));
  }

  @ParameterizedTest(name = "{0} on {1}: {2}")
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "**, file, true",
        "**, dir/file, true",
        "**/, dir/file, true",
        "**/**, dir/file, true",
        "dir/**, dir, false",
        "dir/**, dir/file, true",
        "dir/**, dir/dir2/file, true",
        "dir/**, dirx/file, false",
        "**/dir, dir, true",
        "**/dir, dir/file, true",
        "**/dir, a/b/dir/file, true",
        "**/dir, xdir, false",
        "**/dir2/*, dir/dir2/file, true",
        "**/dir2/*, dir2, false",
        "**/dir2/**, dir/dir2/dir3/file, true",
        "**file, dir/xfile, true",
        "**file*, dir/xfile, false",
        "**file*, dir/file.txt, true",
        "**/file*txt, dir/dir/file.txt, true",
        "**/**/*.txt, file.txt, true",
        "**/**/*.txt, dir/dir/file.txt, true",
        "**/**/*.txt2, dir/dir/file.txt, false",
        "a**/*.txt, a/dir/dir/file.txt, true",
        "a**, abc/d, true",
        "a/**/b, a/b, true",
        "a/**/b, a/x/y/b, true",
        "a/**/b, a/xb, false",
        "a/*.txt, a/dir/file.txt, false",
        "a/*.txt**, a/file.txt, true",
        "*/temp*, somedir/temporary.txt, true",
        "*/temp*, temp, false",
        "*/*/temp*, a/b/temporary, true",
        "temp?, tempa, true",
        "temp?, temp, false",
        "temp?, temp/x, false",
        "a[b-d]e, ace, true",
        "a[b-d]e, aae, false",
        "a[^b-d]e, aze, true",
        "a[^b-d]e, ace, false",
        "a[!b]e, abe, true",
        "[]a-], x, error",
        "[\\]a], ], true",
        "[x\\-], -, true",
        "[a-ζ]*, α, true",
        "a?b, a☺b, true",
        "a???b, a☺b, false",
        ".*, .foo, true",
        ".*, foo, false",
        "abc.def, abcZdef, false",
        "a(b)c/def, a(b)c/def, true",
        "a.|)$(}+{bc, a.|)$(}+{bc, true",
        "a\\*b, a*b, true",
        "a\\*b, axb, false",
        "\\!keep, !keep, true",
        "\\#keep, #keep, true",
        "*, a/b/c, true",
        "*, .hidden, true",
        "a*b*c*d*e*/f, axbxcxdxexxx/f, true",
        "a*b*c*d*e*/f, axbxcxdxe/xxx/f, false",
        "foo, foo, true",
        "foo, foo/bar/baz, true",
        "foo, foobar, false",
        "foo, x/foo, false",
        "foo/bar, foo, false",
      })
  void onePattern(String pattern, String path, String expected) {
    if (expected.equals("error")) {
      assertThatThrownBy(() -> rules(pattern)).isInstanceOf(FailureException.class);
    } else {
      assertThat(rules(pattern).excludes(path)).isEqualTo(Boolean.parseBoolean(expected));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/foo", "foo/", "./foo", "  foo\t", "//foo//", "x/../foo", "foo/.", "/../foo"})
  void aPatternIsTrimmedAndCleaned(String pattern) {
    assertThat(rules(pattern).excludes("foo/bar")).isTrue();
  }

  @Test
  void aCommentHasItsHashInTheFirstColumn() {
    assertThat(rules("#foo").excludes("#foo")).isFalse();
    assertThat(rules(" #foo").excludes("#foo")).isTrue();
  }

  @Test
  void aByteOrderMarkAndCarriageReturnsAreNoPartOfAPattern() {
    // given
    var rules = IgnoreRules.parse("\uFEFFfoo\r\nbar\r\n");

    // then
    assertThat(rules.excludes("foo")).isTrue();
    assertThat(rules.excludes("bar")).isTrue();
  }

  @Test
  void theLastMatchDecides() {
    // given
    var rules = rules("*.md", "!README*.md", "README-secret.md");

    // then
    assertThat(rules.excludes("notes.md")).isTrue();
    assertThat(rules.excludes("README-all.md")).isFalse();
    assertThat(rules.excludes("README-secret.md")).isTrue();
  }

  @Test
  void anExceptionBringsBackWhatIsInAnExcludedDirectory() {
    // given
    var rules = rules("docs", "! /docs/README.md ");

    // then
    assertThat(rules.excludes("docs")).isTrue();
    assertThat(rules.excludes("docs/other.md")).isTrue();
    assertThat(rules.excludes("docs/README.md")).isFalse();
  }

  @Test
  void anExceptionForADirectoryHoldsForAllThatIsInIt() {
    // given
    var rules = rules("**", "!util/docker/web", "util/docker/web/foo");

    // then
    assertThat(rules.excludes("util/docker/web/bar/baz")).isFalse();
    assertThat(rules.excludes("util/docker/web/foo")).isTrue();
    assertThat(rules.excludes("util/docker")).isTrue();
  }

  @Test
  void anExceptionForADirectoryThatWasNeverTakenOutBringsNothingBack() {
    // given
    var rules = rules("**/*.md", "!docs");

    // then
    assertThat(rules.excludes("docs")).isFalse();
    assertThat(rules.excludes("docs/a.md")).isTrue();
    assertThat(rules("**", "!docs").excludes("docs/a.md")).isFalse();
    assertThat(rules("**/*.md", "!docs/**").excludes("docs/a.md")).isFalse();
  }

  @Test
  void aRuleThatOnlyRepeatsWhatIsDecidedOfADirectoryTakesNothingOutAgain() {
    // given
    var rules = rules("modules", "!modules/keep", "**/modules");

    // then
    assertThat(rules.excludes("modules")).isTrue();
    assertThat(rules.excludes("modules/keep")).isFalse();
    assertThat(rules.excludes("modules/keep/a")).isFalse();
    assertThat(rules.excludes("modules/other")).isTrue();
    assertThat(rules.mayContainIncluded("modules")).isTrue();
  }

  @Test
  void theContextItselfCannotBeExcluded() {
    assertThat(rules("*", ".", "/", "**").excludes("")).isFalse();
    assertThat(rules(".", "/", "foo/..").excludes("a")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!", "! ", "!/", "[", "a[", "[^bc", "[]a]", "[-x]", "[x-]", "[a-b-c]", "a\\", "[z-a]"
      })
  void aMalformedPatternIsRefusedWithItsLine(String pattern) {
    assertThatThrownBy(() -> IgnoreRules.parse("x.dockerignore", "fine\n\n" + pattern))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().name()).isEqualTo("bad-ignore-pattern");
              assertThat(e.failure().message())
                  .contains("x.dockerignore:3")
                  .contains(pattern.strip());
            });
  }

  @Test
  void anExcludedDirectoryNeedNotBeEnteredUnlessALaterExceptionMayHelp() {
    assertThat(rules("node_modules").mayContainIncluded("node_modules")).isFalse();
    assertThat(rules("node_modules", "!src/x").mayContainIncluded("node_modules")).isFalse();
    assertThat(rules("node_modules", "!node_modules/x").mayContainIncluded("node_modules"))
        .isTrue();
    assertThat(rules("!node_modules/x", "node_modules").mayContainIncluded("node_modules"))
        .isFalse();
    assertThat(rules("**", "!a/b/*.txt").mayContainIncluded("a")).isTrue();
    assertThat(rules("**", "!a/b/*.txt").mayContainIncluded("a/b")).isTrue();
    assertThat(rules("**", "!a/b/*.txt").mayContainIncluded("a/c")).isFalse();
    assertThat(rules("**", "!a/b/*.txt").mayContainIncluded("a/b/c")).isFalse();
    assertThat(rules("**", "!**/keep").mayContainIncluded("x/y/z")).isTrue();
  }

  @Test
  void aPatternMadeToBacktrackIsNoSlowerThanOthers() {
    // given: the classic case that takes a backtracking matcher longer than anyone lives
    var rules = rules("*a".repeat(500) + "b", "**/a".repeat(200) + "b");

    // then
    assertThat(rules.excludes("a".repeat(2000))).isFalse();
    assertThat(rules.excludes("a/".repeat(2000) + "a")).isFalse();
  }
}
