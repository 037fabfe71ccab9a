package dev.birgus.pusher.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.pusher.samples.Tool;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {

  @TempDir private Path folder;

  private static OutputFile file(Path path) {
    return new OutputFile("the file", path);
  }

  private static OutputFile.Content text(String text) {
    return out -> out.write(text.getBytes(UTF_8));
  }

  private List<Path> inFolder() throws IOException {
    try (var list = Files.list(folder)) {
      return list.toList();
    }
  }

  @Test
  void missingDirectoriesAreMadeForTheOwnerAlone() throws Exception {
    var path = folder.resolve("a/b/file");

    file(path).write(text("x"));

    assertThat(path).hasContent("x");
    assertThat(Files.getPosixFilePermissions(folder.resolve("a")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(Files.getPosixFilePermissions(path))
        .isEqualTo(Files.getPosixFilePermissions(Files.writeString(folder.resolve("usual"), "")));
  }

  @Test
  void aFileInPlaceOfADirectoryIsNamed() throws Exception {
    Files.writeString(folder.resolve("taken"), "");

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> file(folder.resolve("taken/file")).write(text("x")))
        .withMessage(
            "cannot write the file %s: %s is not a directory",
            folder.resolve("taken/file"), folder.resolve("taken"));
  }

  @Test
  void aDirectoryInPlaceOfTheFileIsNamed() {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> file(folder).write(text("x")))
        .withMessage("cannot write the file " + folder + ": it is a directory");
  }

  @Test
  void aFailureLeavesNeitherFileNorDirectories() throws Exception {
    OutputFile.Content broken =
        out -> {
          out.write(1);
          throw new IOException("the pen broke");
        };

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> file(folder.resolve("a/b/file")).write(broken))
        .withMessageEndingWith("the pen broke");
    assertThat(inFolder()).isEmpty();
  }

  @Test
  void anInterruptLeavesNothing() throws Exception {
    OutputFile.Content endless =
        out -> {
          Thread.currentThread().interrupt();
          out.write(new byte[1 << 20]);
        };

    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> file(folder.resolve("file")).write(endless));
    assertThat(inFolder()).isEmpty();
  }

  @Test
  void whatAKilledProcessLeftGoesAndWhatIsBeingWrittenStays() throws Exception {
    Files.writeString(folder.resolve(".birgus-left.tmp"), "half");
    Files.writeString(folder.resolve(".birgus-other"), "not ours");

    file(folder.resolve("outer"))
        .write(out -> {
          out.write(1);
          file(folder.resolve("inner")).write(text("x"));
          out.write(2);
        });

    try (var left = Files.list(folder)) {
      assertThat(left)
          .containsExactlyInAnyOrder(
              folder.resolve("outer"), folder.resolve("inner"), folder.resolve(".birgus-other"));
    }
    assertThat(folder.resolve("outer")).hasBinaryContent(new byte[] {1, 2});
  }

  @Test
  void aSymbolicLinkStaysAndItsTargetIsReplaced() throws Exception {
    var target = Files.writeString(folder.resolve("target"), "old");
    var link = Files.createSymbolicLink(folder.resolve("link"), Path.of("target"));

    file(link).write(text("new"));

    assertThat(link).isSymbolicLink();
    assertThat(target).hasContent("new");
  }

  @Test
  void aPipeIsWrittenToAndStaysAPipe() throws Exception {
    // given
    var pipe = folder.resolve("pipe");
    assertThat(Tool.run("mkfifo", pipe.toString()).exitCode()).isZero();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var read = CompletableFuture.supplyAsync(() -> content(pipe), threads);

      // when
      file(pipe).write(text("through the pipe"));

      // then
      assertThat(read.get()).isEqualTo("through the pipe");
      assertThat(inFolder()).containsExactly(pipe);
    }
  }

  @Test
  void aPipeThatNobodyReadsCanBeGivenUp() throws Exception {
    // given
    var pipe = folder.resolve("pipe");
    assertThat(Tool.run("mkfifo", pipe.toString()).exitCode()).isZero();
    var ended = new CompletableFuture<Exception>();
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                file(pipe).write(text("unheard"));
              } catch (InterruptedException | RuntimeException end) {
                ended.complete(end);
              }
            });

    // when
    thread.interrupt();

    // then
    assertThat(ended.get()).isInstanceOf(InterruptedException.class);
    try (var released = FileChannel.open(pipe, READ, WRITE)) {
      assertThat(released.isOpen()).isTrue();
    }
  }

  private static String content(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  @Test
  void aDeviceIsWrittenInPlace() throws Exception {
    file(Path.of("/dev/null")).write(text("x"));

    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
    assertThat(Files.exists(Path.of("/dev/null"))).isTrue();
  }

  @Test
  void aFullDiskIsNamedAndNothingStays() throws Exception {
    // given
    Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
    var mounted = Tool.run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.toString());
    Assumptions.assumeTrue(mounted.exitCode() == 0, "tmpfs cannot be mounted here");
    try {
      // when
      assertThatExceptionOfType(FailureException.class)
          .isThrownBy(() ->
              file(folder.resolve("a/file"))
                  .write(out -> {
                    for (var i = 0; i < 16; i++) {
                      out.write(new byte[128 << 10]);
                    }
                  }))
          .withMessage(
              "cannot write the file %s: No space left on device", folder.resolve("a/file"));

      // then
      assertThat(inFolder()).isEmpty();
    } finally {
      Tool.run("umount", folder.toString());
    }
  }
}
