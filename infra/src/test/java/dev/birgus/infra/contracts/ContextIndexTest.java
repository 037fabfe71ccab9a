package dev.birgus.infra.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.ContextEntry.Identity;
import dev.birgus.infra.contracts.ContextEntry.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ContextIndexTest {

  private static ContextIndex index(String... paths) {
    var entries =
        Stream.of(paths)
            .map(path ->
                new ContextEntry(
                    path, Kind.FILE, 0644, 0, 0, 0, 0, Optional.empty(), new Identity.Stamp(path)))
            .toList();
    return new ContextIndex(entries, List.of());
  }

  private static List<String> paths(Iterable<ContextEntry> entries) {
    var result = new ArrayList<String>();
    entries.forEach(entry -> result.add(entry.path()));
    return result;
  }

  @Test
  void whatIsBelowADirectoryIsNotWhatOnlyBeginsLikeIt() {
    var index = index("", "a", "a/b", "a/b/c", "a-b", "a.txt", "a0", "ab");
    assertThat(paths(index.below("a"))).containsExactly("a/b", "a/b/c");
    assertThat(paths(index.below("a/b"))).containsExactly("a/b/c");
    assertThat(index.below("ab")).isEmpty();
  }

  @Test
  void belowTheRootIsEverythingButTheRoot() {
    assertThat(paths(index("", "b", "a", "a/b").below(""))).containsExactly("a", "a/b", "b");
  }

  @Test
  void anEntryIsFoundByItsPathOnly() {
    assertThat(index("", "a").get("a")).isPresent();
    assertThat(index("", "a").get("")).isPresent();
    assertThat(index("a").get("a/")).isEmpty();
  }

  @Test
  void pathsAreInTheByteOrderOfUtf8() {
    // given: the surrogates of U+1F980 are before U+FF5E in UTF-16, and after it in UTF-8
    var names = new String[] {"\uD83E\uDD80", "\uFF5E", "z", "\u00E9", "a", "a/b", "a-b", "\uE000"};

    // when
    var ordered = paths(index(names).entries());

    // then
    var expected = new ArrayList<>(List.of(names));
    expected.sort((one, other) ->
        Arrays.compareUnsigned(
            one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8)));
    assertThat(ordered).containsExactlyElementsOf(expected);
  }

  @Test
  void randomPathsAreInTheByteOrderOfUtf8() {
    var random = new Random(7);
    var points =
        new int[] {
          '/', '0', 'a', 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x10FFFF
        };
    for (var round = 0; round < 2000; round++) {
      // given
      var one = word(random, points);
      var other = word(random, points);

      // when
      var ordered = paths(index(one, other).entries());

      // then
      var first =
          Arrays.compareUnsigned(
                      one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8))
                  <= 0
              ? one
              : other;
      assertThat(ordered.getFirst()).isEqualTo(first);
    }
  }

  private static String word(Random random, int[] points) {
    var text = new StringBuilder();
    for (var length = random.nextInt(5); length > 0; length--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }
}
