package dev.birgus.infra.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessFolderTest {

  @TempDir Path root = Path.of("");

  private ProcessFolder open() throws IOException {
    return ProcessFolder.open(root, "node-", PlainTree::remove, Journal.silent());
  }

  @Test
  void whatADeadProcessLeftIsRemoved() throws IOException {
    var dead = Files.createDirectories(root.resolve("node-dead"));
    Files.createDirectories(dead.resolve("folder"));
    Files.createFile(dead.resolve("lock"));

    try (var folder = open()) {
      assertThat(dead).doesNotExist();
      assertThat(folder.path()).isDirectory();
    }
  }

  @Test
  void foldersOfOthersAreNotOurs() throws IOException {
    var other = Files.createDirectories(root.resolve("other-one"));

    open().close();

    assertThat(other).exists();
  }

  @Test
  void foldersOfTheLivingStay() throws IOException {
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
  void aFolderAnotherProcessHoldsStaysUntilItIsKilled() throws Exception {
    var held = Files.createDirectories(root.resolve("node-held"));
    var holder = LockHolder.start(held.resolve("lock"));
    try {
      open().close();
      assertThat(held).exists();
    } finally {
      holder.destroyForcibly().waitFor();
    }

    open().close();

    assertThat(held).doesNotExist();
  }

  @Test
  void whatCannotBeRemovedIsToldAndStays() throws IOException {
    var dead = Files.createDirectories(root.resolve("node-dead"));
    var told = new ArrayList<String>();

    ProcessFolder.open(
            root,
            "node-",
            (_, name) -> {
              if (name.equals("node-dead")) {
                throw new IOException("busy");
              }
            },
            (_, _, context) -> told.addAll(context.values()))
        .close();

    assertThat(told).contains(dead.toRealPath().toString(), "busy");
    assertThat(dead).exists();
  }
}
