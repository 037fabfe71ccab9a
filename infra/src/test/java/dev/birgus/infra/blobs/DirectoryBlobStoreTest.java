package dev.birgus.infra.blobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.testkit.BlobStoreContract;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryBlobStoreTest implements BlobStoreContract {

  @TempDir Path folder;

  @Override
  public BlobStore newStore() throws IOException {
    return DirectoryBlobStore.open(folder.resolve("blobs"));
  }

  private long filesBeingWritten() throws IOException {
    try (var files = Files.walk(folder.resolve("blobs/partial"))) {
      return files.filter(Files::isRegularFile).filter(f -> !f.endsWith("lock")).count();
    }
  }

  @Test
  void aBlobLiesWhereAnImageLayoutHasIt() throws IOException {
    try (var store = DirectoryBlobStore.open(folder);
        var writer = store.create()) {
      writer.write("hello".getBytes(UTF_8));
      var digest = writer.commit();

      assertThat(folder.resolve("sha256").resolve(digest.hex())).hasContent("hello");
      assertThat(store.path(digest)).hasContent("hello");
    }
  }

  @Test
  void aWriterThatIsClosedLeavesNoFile() throws IOException {
    var store = newStore();
    try (var writer = store.create()) {
      writer.write(1);
      assertThat(filesBeingWritten()).isEqualTo(1);
    }
    assertThat(filesBeingWritten()).isZero();
  }

  @Test
  void anotherStoreOnTheSameDirectoryDoesNotDisturbAWriter() throws IOException {
    var store = newStore();
    try (var writer = store.create()) {
      writer.write("hello".getBytes(UTF_8));
      try (var second = DirectoryBlobStore.open(folder.resolve("blobs"))) {
        assertThat(writer.commit()).isEqualTo(Digest.sha256("hello".getBytes(UTF_8)));
        assertThat(second.size(Digest.sha256("hello".getBytes(UTF_8)))).hasValue(5);
      }
    }
  }

  @Test
  void whatAKilledProcessWasWritingIsRemovedAndWhatALivingOneWritesIsNot() throws Exception {
    // given two processes in the middle of a blob
    var dead = writingProcess();
    var living = writingProcess();
    try {
      assertThat(filesBeingWritten()).isEqualTo(2);
      dead.destroyForcibly().waitFor();

      // when
      newStore();

      // then
      assertThat(filesBeingWritten()).isEqualTo(1);
    } finally {
      dead.destroyForcibly().waitFor();
      living.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
  }

  private Process writingProcess() throws IOException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                UnfinishedBlob.class.getName(),
                folder.resolve("blobs").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.getInputStream().read()).isEqualTo('.');
    return process;
  }

  @Test
  void aFullDiskIsSaidToBeFull() throws Exception {
    // given a file system of one page
    var disk = folder.resolve("disk");
    Files.createDirectories(disk);
    assumeTmpfs(disk);
    try (var store = DirectoryBlobStore.open(disk);
        var writer = store.create()) {

      // when, then
      assertThatThrownBy(
              () -> {
                for (var i = 0; i < 64; i++) {
                  writer.write(new byte[1 << 16]);
                }
              })
          .isInstanceOfSatisfying(
              StorageException.class,
              full -> assertThat(full.failure().name()).isEqualTo("disk-full"))
          .hasMessageContaining(disk.toString());
    } finally {
      new ProcessBuilder("umount", disk.toString()).start().waitFor();
    }
  }

  private static void assumeTmpfs(Path disk) throws Exception {
    var mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=128k", "none", disk.toString())
            .redirectErrorStream(true)
            .redirectOutput(new File("/dev/null"))
            .start();
    assumeTrue(mount.waitFor() == 0, "needs the right to mount a tmpfs");
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
    var file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> DirectoryBlobStore.open(file.resolve("blobs")).close())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(file.toString());
  }
}
