package dev.birgus.executor.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFileSystemTest {

  private static final FileAttributes ATTRIBUTES =
      new FileAttributes(0755, 0, 0, 0, Collections.emptySortedMap());

  @TempDir Path folder = Path.of("");

  private KeptFileSystem files() throws IOException {
    Files.createDirectories(folder.resolve("usr/home"));
    Files.writeString(folder.resolve("usr/home/java"), "java");
    Files.createSymbolicLink(folder.resolve("way"), Path.of("usr/home"));
    return new KeptFileSystem(
        LinuxFileSystem.open(folder), new KeptPlaces(List.of(Path.of("/usr/home"))));
  }

  @Test
  void nothingIsWrittenWhereItIsKept() throws Exception {
    try (var files = files()) {
      for (var path : List.of("/usr/home/new", "usr/home/new", "/way/new", "/usr/../way/new/")) {
        assertThatThrownBy(() -> files.makeDirectory(path, ATTRIBUTES))
            .as(path)
            .isInstanceOf(FailureException.class)
            .hasMessageContaining("/usr/home/new cannot be written");
      }
      assertThatThrownBy(() -> files.create("/way/java", ATTRIBUTES))
          .hasMessageContaining("/usr/home/java");
      assertThatThrownBy(() -> files.setAttributes("/usr/home", ATTRIBUTES))
          .hasMessageContaining("/usr/home");
      assertThatThrownBy(() -> files.makeHardLink("/java", "/way/java"))
          .hasMessageContaining("/usr/home/java");
    }
    assertThat(folder.resolve("usr/home")).isDirectoryContaining("glob:**/java");
    assertThat(folder.resolve("usr/home/new")).doesNotExist();
  }

  @Test
  void whatLeadsToAKeptPlaceIsNotRemoved() throws Exception {
    try (var files = files()) {
      for (var path : List.of("/usr", "/usr/home", "/usr/home/java", "/way/java")) {
        assertThatThrownBy(() -> files.remove(path)).as(path).hasMessageContaining("/usr");
      }
    }
    assertThat(folder.resolve("usr/home/java")).hasContent("java");
  }

  @Test
  void allElseIsAsItIs() throws Exception {
    try (var files = files()) {
      files.makeDirectory("/usr/bin", ATTRIBUTES);
      try (var out = files.create("/usr/bin/tool", ATTRIBUTES)) {
        out.write("tool".getBytes(UTF_8));
      }
      files.remove("/way");
      files.setAttributes("/", ATTRIBUTES);

      assertThat(files.list("/usr")).containsExactly("bin", "home");
      assertThat(files.read("/usr/home/java").readAllBytes()).asString(UTF_8).isEqualTo("java");
    }
    assertThat(folder.resolve("usr/bin/tool")).hasContent("tool");
    assertThat(folder.resolve("way")).doesNotExist();
  }
}
