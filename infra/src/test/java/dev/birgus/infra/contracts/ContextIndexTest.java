package dev.birgus.infra.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.ContextEntry.Identity;
import dev.birgus.infra.contracts.ContextEntry.Kind;
import java.util.List;
import java.util.Optional;
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
    var result = new java.util.ArrayList<String>();
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
}
