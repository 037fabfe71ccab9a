package dev.birgus.infra.blobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DiskSpaceTest {

  private static final Path STATE = Path.of("/srv/state/layers");

  @Test
  void aFullDiskIsKnownByItsReason() {
    var full = new FileSystemException("/usr/bin/tar", null, "No space left on device");

    assertThat(DiskSpace.isExhausted(full)).isTrue();
    assertThat(DiskSpace.isExhausted(new UncheckedIOException(full))).isTrue();
    assertThat(DiskSpace.isExhausted(new IOException("No space left on device"))).isTrue();
    assertThat(DiskSpace.isExhausted(new IOException("Disk quota exceeded"))).isTrue();
  }

  @Test
  void aNameWithTheWordsInItIsNoFullDisk() {
    var denied =
        new FileSystemException("/no space left on device", null, "Operation not permitted");

    assertThat(DiskSpace.isExhausted(denied)).isFalse();
    assertThat(DiskSpace.isExhausted(new IOException("no space left on device in my poem")))
        .isFalse();
  }

  @Test
  void theStateFolderIsNamedAndNotOnlyTheFile() {
    for (var reason :
        new String[] {"No space left on device", "Disk quota exceeded", "Read-only file system"}) {
      var failed = new FileSystemException("/usr/bin/tar", null, reason);

      assertThat(DiskSpace.failure("/usr/bin/tar", STATE, failed))
          .hasValueSatisfying(failure -> {
            assertThat(failure.message()).contains("/usr/bin/tar").contains(STATE.toString());
            assertThat(failure.advice()).contains("--state-dir");
          });
    }
    assertThat(DiskSpace.failure("x", STATE, new IOException("broken"))).isEmpty();
  }
}
