package dev.birgus.executor.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptPlacesTest {

  @TempDir Path folder = Path.of("");

  private final KeptPlaces kept =
      new KeptPlaces(List.of(Path.of("/kaniko"), Path.of("/etc/hosts"), Path.of("/a/b/c")));

  @Test
  void aPlaceIsKeptWithAllBelowItAndNothingElse() {
    assertThat(kept.keeps("/kaniko")).isTrue();
    assertThat(kept.keeps("kaniko/jre/bin/java")).isTrue();
    assertThat(kept.keeps("/kaniko2")).isFalse();
    assertThat(kept.keeps("/etc")).isFalse();
    assertThat(kept.keeps("/etc/hosts.allow")).isFalse();
    assertThat(KeptPlaces.NONE.keeps("/kaniko")).isFalse();
  }

  @Test
  void theDirectoriesOnTheWayLeadThere() {
    assertThat(kept.leadsTo("/")).isTrue();
    assertThat(kept.leadsTo("/etc")).isTrue();
    assertThat(kept.leadsTo("a/b")).isTrue();
    assertThat(kept.leadsTo("/a/b/c")).isFalse();
    assertThat(kept.leadsTo("/a/bc")).isFalse();
  }

  @Test
  void theRootItselfIsNoPlace() {
    assertThatThrownBy(() -> new KeptPlaces(List.of(Path.of("/a/.."))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aWalkPassesByWhatIsKept() throws Exception {
    // given
    for (var file : List.of("kaniko/lib/x", "etc/hosts", "etc/passwd", "a/b/c/d", "a/b/e")) {
      var path = folder.resolve(file);
      Files.createDirectories(path.resolveSibling("."));
      Files.writeString(path, file);
    }

    // when
    var seen = new ArrayList<String>();
    try (var walk = TreeWalk.of(folder, kept)) {
      while (walk.next()) {
        seen.add(walk.relative());
      }
    }

    // then
    assertThat(seen).containsExactly("a", "a/b", "a/b/e", "etc", "etc/passwd");
  }
}
