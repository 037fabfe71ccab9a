package dev.birgus.executor.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.executor.files.KeptPlaces;
import dev.birgus.executor.layer.TreeClone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InplaceStageRootsTest {

  @TempDir Path folder = Path.of("");

  private final KeptPlaces kept =
      new KeptPlaces(List.of(Path.of("/home"), Path.of("/etc/hosts"), Path.of("/var/run/token")));
  private Path root = Path.of("");

  @BeforeEach
  void aRootAndAnImage() throws IOException {
    root = Files.createDirectory(folder.resolve("root"));
    write(root, "home/java", "java");
    write(root, "etc/hosts", "node");
    write(root, "etc/passwd", "old");
    write(root, "var/run/token", "secret");
    write(root, "var/run/pid", "1");
    write(root, "usr/bin/old", "old");
    // A link to what stays must not be followed.
    Files.createSymbolicLink(root.resolve("link"), root.resolve("home"));
  }

  private static void write(Path root, String file, String text) throws IOException {
    var path = root.resolve(file);
    Files.createDirectories(path.resolveSibling("."));
    Files.writeString(path, text);
  }

  private List<String> files() throws IOException {
    try (var all = Files.walk(root)) {
      return all.filter(path -> !Files.isDirectory(path))
          .map(path -> root.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void emptyingLeavesWhatIsKept() throws Exception {
    InplaceStageRoots.empty(root, kept);

    assertThat(files()).containsExactly("etc/hosts", "home/java", "var/run/token");
    assertThat(root.resolve("usr")).doesNotExist();
  }

  @Test
  void anImageGoesAroundWhatIsKept() throws Exception {
    // given
    var image = Files.createDirectory(folder.resolve("image"));
    write(image, "etc/hosts", "image");
    write(image, "etc/passwd", "new");
    write(image, "home/someone", "image");
    Files.createDirectory(image.resolve("var"));
    Files.createSymbolicLink(image.resolve("var/run"), Path.of("../run"));

    // when
    InplaceStageRoots.empty(root, kept);
    TreeClone.copy(image, root, kept);

    // then
    assertThat(files()).containsExactly("etc/hosts", "etc/passwd", "home/java", "var/run/token");
    assertThat(root.resolve("etc/hosts")).hasContent("node");
    assertThat(root.resolve("etc/passwd")).hasContent("new");
  }
}
