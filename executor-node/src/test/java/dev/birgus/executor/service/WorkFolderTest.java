package dev.birgus.executor.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.LinuxOverlays;
import dev.birgus.executor.run.BusyboxRoot;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {

  @TempDir Path root = Path.of("");

  @BeforeEach
  void asRoot() {
    BusyboxRoot.assume();
  }

  private WorkFolder open() throws IOException {
    return WorkFolder.open(root, LinuxFileSystem::open, Journal.silent());
  }

  @Test
  void whatADeadProcessLeftIsUnmountedAndRemoved() throws Exception {
    var dead = Files.createDirectories(root.resolve("node-dead"));
    Files.createFile(dead.resolve("lock"));
    var lower = Files.createDirectories(dead.resolve("lower"));
    new LinuxOverlays().mount(List.of(lower), dead.resolve("step 1"));

    try (var folder = open()) {
      assertThat(dead).doesNotExist();
      assertThat(folder.path()).isDirectory();
      assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(dead.toString());
    }
  }

  @Test
  void foldersOfTheLivingStay() throws Exception {
    try (var first = open();
        var second = open()) {
      Files.createFile(first.path().resolve("file"));
      try (var third = open()) {
        assertThat(List.of(first.path(), second.path(), third.path())).doesNotHaveDuplicates();
      }

      assertThat(first.path().resolve("file")).exists();
      assertThat(second.path()).exists();
    }
    try (var left = Files.newDirectoryStream(root, "node-*")) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aFolderAnotherProcessHoldsStays() throws Exception {
    var held = Files.createDirectories(root.resolve("node-held"));
    var holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                held.resolve("lock").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var output = holder.inputReader();
        var input = holder.outputWriter()) {
      assertThat(output.readLine()).isEqualTo("held");
      open().close();
      assertThat(held).exists();
      input.write("done\n");
    }
    holder.waitFor();
    open().close();
    assertThat(held).doesNotExist();
  }
}
