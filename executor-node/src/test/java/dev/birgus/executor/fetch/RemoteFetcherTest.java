package dev.birgus.executor.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.executor.run.BusyboxRoot;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.TransferSource.Download;
import dev.birgus.infra.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteFetcherTest {

  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder = Path.of("");
  private final List<String> asked = new ArrayList<>();

  @BeforeEach
  void needsRoot() {
    BusyboxRoot.assume();
  }

  private void fetch(Downloads downloads, Optional<Digest> checksum) throws Exception {
    var fetcher = new RemoteFetcher(downloads, GitSettings.of(Map.of()), LinuxFileSystem::open);
    var source = new Download("http://u:secret@localhost/f", "f", checksum, false);
    fetcher.download(source, new WorkDirectory(folder)).close();
  }

  private Downloads.Opened serve(String address) {
    asked.add(address);
    return new Downloads.Opened(
        new ByteArrayInputStream(CONTENT), Optional.of(Instant.ofEpochSecond(1000)));
  }

  private static InputStream breaking() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        throw new IOException("connection reset");
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return read();
      }
    };
  }

  @Test
  void aFileIsFetchedWithTheServersTime() throws Exception {
    fetch(this::serve, Optional.of(Digest.sha256(CONTENT)));

    try (var files = LinuxFileSystem.open(folder)) {
      var status = files.status("/f").orElseThrow();
      assertThat(status.mode()).isEqualTo(0600);
      assertThat(status.modified()).isEqualTo(1_000_000_000_000L);
    }
    assertThat(folder.resolve("f")).hasContent("content");
  }

  @Test
  void anotherFileThanPromisedIsRefused() {
    var other = Optional.of(Digest.sha256(new byte[0]));

    assertThatThrownBy(() -> fetch(this::serve, other))
        .isInstanceOfSatisfying(
            FailureException.class,
            thrown -> {
              assertThat(thrown.failure().name()).isEqualTo("checksum-mismatch");
              assertThat(thrown.failure().message())
                  .contains(Digest.sha256(CONTENT).toString(), other.get().toString())
                  .doesNotContain("secret");
            });
    assertThat(asked).hasSize(1);
  }

  @Test
  void whatBreaksOffIsFetchedAgainFromTheStart() throws Exception {
    Downloads flaky =
        address -> {
          var opened = serve(address);
          return asked.size() < 3 ? new Downloads.Opened(breaking(), Optional.empty()) : opened;
        };

    fetch(flaky, Optional.empty());

    assertThat(folder.resolve("f")).hasContent("content");
  }

  @Test
  void whatAlwaysBreaksOffFails() {
    Downloads broken =
        address -> {
          asked.add(address);
          return new Downloads.Opened(breaking(), Optional.empty());
        };

    assertThatThrownBy(() -> fetch(broken, Optional.empty()))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("connection reset")
        .hasMessageNotContaining("secret");
    assertThat(asked).hasSize(3);
    assertThat(folder).isEmptyDirectory();
  }
}
