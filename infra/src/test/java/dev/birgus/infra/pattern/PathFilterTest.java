package dev.birgus.infra.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PathFilterTest {

  private static PathFilter include(String pattern) {
    return PathFilter.of(Optional.of(pattern), List.of());
  }

  private static PathFilter exclude(String... patterns) {
    return PathFilter.of(Optional.empty(), List.of(patterns));
  }

  @Test
  void withoutPatternsEverythingIsTaken() {
    assertThat(exclude().takes("a/b")).isTrue();
    assertThat(exclude().mayTakeBelow("a")).isTrue();
  }

  @Test
  void anIncludePatternTakesWhatItMatchesAndAllBelow() {
    var filter = include("a/*/c");

    assertThat(filter.takes("a/b/c")).isTrue();
    assertThat(filter.takes("a/b/c/d")).isTrue();
    assertThat(filter.takes("a/b")).isFalse();
    assertThat(filter.mayTakeBelow("a/b")).isTrue();
    assertThat(filter.mayTakeBelow("b")).isFalse();
    assertThat(include("").takes("a")).isTrue();
    assertThat(include("!a").takes("!a")).isTrue();
  }

  @Test
  void anExcludePatternTakesOutWithExceptions() {
    var filter = exclude("/a/", "!a/b/c", "*.md");

    assertThat(filter.takes("a")).isFalse();
    assertThat(filter.takes("a/b/c")).isTrue();
    assertThat(filter.takes("a/x")).isFalse();
    assertThat(filter.mayTakeBelow("a/b")).isTrue();
    assertThat(filter.mayTakeBelow("a/x")).isFalse();
    assertThat(filter.takes("x.md")).isFalse();
    assertThat(filter.takes("b/x.md")).isTrue();
    assertThat(filter.takes("")).isTrue();
  }

  @Test
  void whatIsExcludedIsNotIncluded() {
    var filter = PathFilter.of(Optional.of("**/*.txt"), List.of("b"));

    assertThat(filter.takes("a/x.txt")).isTrue();
    assertThat(filter.takes("b/x.txt")).isFalse();
    assertThat(filter.mayTakeBelow("b")).isFalse();
  }

  @Test
  void aMalformedPatternIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> exclude("a", "b["))
        .withMessageContaining("b[");
    assertThatIllegalArgumentException().isThrownBy(() -> exclude("!"));
  }
}
