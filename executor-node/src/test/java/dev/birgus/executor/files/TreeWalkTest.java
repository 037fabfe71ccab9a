package dev.birgus.executor.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.executor.snapshot.ScannedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeWalkTest {

  @TempDir Path folder = Path.of("");

  private List<String> walk() throws IOException {
    var paths = new ArrayList<String>();
    try (var walk = TreeWalk.of(folder)) {
      while (walk.next()) {
        paths.add(walk.relative());
        assertThat(walk.depth()).isEqualTo(walk.relative().split("/", -1).length);
      }
    }
    return paths;
  }

  @Test
  void directoriesComeBeforeWhatIsInThemAndNamesInTheOrderOfTheirBytes() throws IOException {
    try (var files = LinuxFileSystem.open(folder)) {
      for (var name : List.of("b", "b-", "a", "\udcff", "ä", "b/c", "b/c/d", "Z")) {
        files.makeDirectory(name, FileSystemContract.plain(0755));
      }
      files.makeSymlink("b/to", "/", FileSystemContract.plain(0777));
    }

    assertThat(walk()).containsExactly("Z", "a", "b", "b/c", "b/c/d", "b/to", "b-", "ä", "\udcff");
  }

  @Test
  void aDirectoryWithVeryManyNames() throws IOException {
    var many = Files.createDirectory(folder.resolve("many"));
    var expected = new ArrayList<String>();
    expected.add("many");
    for (var i = 0; i < 5_000; i++) {
      var name = i % 100 + "-" + "n".repeat(i % 60) + "-" + i;
      Files.createFile(many.resolve(name));
      expected.add("many/" + name);
    }
    expected.sort(FileNames.BY_BYTES);

    assertThat(walk()).isEqualTo(expected);
  }

  @Test
  void aVeryDeepTree() throws IOException {
    var path = folder;
    for (var i = 0; i < 300; i++) {
      path = Files.createDirectory(path.resolve("d"));
    }

    assertThat(walk()).hasSize(300);
  }

  @Test
  void stampsTellWhatHasChanged() throws IOException {
    var file = Files.writeString(folder.resolve("file"), "1");
    var before = stamps();

    assertThat(stamps()).isEqualTo(before);
    Files.writeString(file, "22");
    assertThat(stamps().get(2)).isNotEqualTo(before.get(2));
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(stamps().getFirst()).isNotEqualTo(before.getFirst());
  }

  private List<Long> stamps() throws IOException {
    try (var walk = TreeWalk.of(folder)) {
      assertThat(walk.next()).isTrue();
      ScannedFile file = walk;
      return List.of(file.identity(), file.changed(), file.attributes());
    }
  }
}
