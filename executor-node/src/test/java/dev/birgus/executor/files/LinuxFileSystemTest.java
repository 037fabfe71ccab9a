package dev.birgus.executor.files;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxFileSystemTest implements FileSystemContract {

  @TempDir Path folder = Path.of("");
  private @Nullable LinuxFileSystem files;

  @BeforeEach
  void open() throws IOException {
    assumeTrue(
        Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid")),
        "owners can be set by root only");
    Files.createDirectory(folder.resolve("outside"));
    Files.writeString(folder.resolve("outside/secret"), "secret");
    files = LinuxFileSystem.open(Files.createDirectory(folder.resolve("root")));
  }

  @AfterEach
  void close() throws IOException {
    if (files != null) {
      for (var name : files.list("/")) {
        files.remove(name);
      }
      files.close();
    }
  }

  @Override
  public LinuxFileSystem files() {
    return java.util.Objects.requireNonNull(files);
  }

  @Override
  public Path outside() {
    return folder.resolve("outside");
  }

  @Test
  void aRenamedRootStaysTheRoot() throws IOException {
    Files.move(folder.resolve("root"), folder.resolve("elsewhere"));

    files().makeDirectory("/d", FileSystemContract.plain(0755));

    assertThat(folder.resolve("elsewhere/d")).isDirectory();
  }

  @Test
  void aFileThatChangesIsNotReadLater() throws IOException {
    for (var change :
        java.util.List.<Change>of(
            file -> Files.writeString(file, "another"),
            Files::delete,
            file ->
                Files.move(
                    Files.writeString(folder.resolve("new"), "content"), file, REPLACE_EXISTING))) {
      var file = Files.writeString(folder.resolve("root/file"), "content");
      Files.setLastModifiedTime(file, FileTime.fromMillis(1));
      var content = files().content("/file");

      change.to(file);

      assertThatThrownBy(content::open)
          .isInstanceOfSatisfying(
              FailureException.class,
              failed -> assertThat(failed.failure().name()).isEqualTo("file-changed"));
    }
  }

  private interface Change {
    void to(Path file) throws IOException;
  }

  @Test
  void renamingReplacesAFile() throws IOException {
    files().create("/a", FileSystemContract.plain(0600)).close();
    files().create("/b", FileSystemContract.plain(0644)).close();

    files().rename("/a", "/b");

    assertThat(files().list("/")).containsExactly("b");
    assertThat(files().status("/b").orElseThrow().mode()).isEqualTo(0600);
  }

  @Test
  void descriptorsAreNotLeaked() throws IOException {
    files().makeSymlink("/l", "nowhere", FileSystemContract.plain(0777));
    var before = descriptors();
    for (var i = 0; i < 50; i++) {
      files().status("/l");
      files().status("/none/x");
      files().resolve("/l/x/..");
      files().xattrs("/l");
      files().create("/f", FileSystemContract.plain(0644)).close();
      files().read("/f").close();
      files().copyFile(files(), "/f", "/g", FileSystemContract.plain(0644));
      files().remove("/f");
      files().remove("/g");
    }
    assertThat(descriptors()).isLessThan(before + 40);
  }

  private static long descriptors() throws IOException {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
