package dev.birgus.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns as Go's filepath.Match has them, in which two stars are one. */
class PathPatternTest {

  @ParameterizedTest
  @CsvSource({
    "abc, abc, true",
    "*, abc, true",
    "*c, abc, true",
    "a*, a, true",
    "a*, ab/c, false",
    "a*/b, abc/b, true",
    "a*b*c*d*e*/f, axbxcxdxe/f, true",
    "a*b?c*x, abxbbxdbxebxczzx, true",
    "a*b?c*x, abxbbxdbxebxczzy, false",
    "ab[c], abc, true",
    "ab[b-d], abc, true",
    "ab[e-g], abc, false",
    "ab[^c], abc, false",
    "ab[^e-g], abc, true",
    "a\\*b, a*b, true",
    "a\\*b, ab, false",
    "a?b, a\u263ab, true",
    "a[^a]b, a\u263ab, true",
    "a???b, a\u263ab, false",
    "[a-\u03b6]*, \u03b1, true",
    "*[a-\u03b6], A, false",
    "a?b, a/b, false",
    "[\\]a], ], true",
    "[\\-], -, true",
    "[x\\-], z, false",
    "*x, xxx, true",
    "a*a*a*a*a*a*a*a*a*b, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, false",
    "*a*, bab, true",
    "a*, b, false",
    "**/a, a, false",
    "**/a, b/a, true",
    "**/a, b/c/a, false",
    "a/**, a, false",
    "a/**/b, a/x/b, true",
    "a/**/b, a/x/y/b, false",
    "a**c, abbc, true"
  })
  void matches(String pattern, String path, boolean expected) {
    assertThat(PathPattern.parse(pattern).matches(path)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"[]a]", "[^]a]", "a[", "[", "[a", "a\\"})
  void refusesWhatIsNoPattern(String pattern) {
    assertThatIllegalArgumentException().isThrownBy(() -> PathPattern.parse(pattern));
  }

  @Test
  void theLiteralBeginningEndsBeforeTheFirstWildcard() {
    assertThat(PathPattern.parse("a/b\\*/c*/d").literalPrefix()).isEqualTo("a/b*");
    assertThat(PathPattern.parse("a/b").literalPrefix()).isEqualTo("a/b");
    assertThat(PathPattern.parse("*").literalPrefix()).isEmpty();
  }
}
