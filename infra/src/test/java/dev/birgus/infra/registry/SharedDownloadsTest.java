package dev.birgus.infra.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedDownloadsTest {

  private static final byte[] BYTES = "a layer".getBytes(StandardCharsets.UTF_8);
  private static final Descriptor BLOB =
      Descriptor.of(MediaType.OCI_LAYER_GZIP, Digest.sha256(BYTES), BYTES.length);
  private static final ImageSource SOURCE = new ImageSource.FromLayout("/layout", "");

  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final AtomicInteger downloads = new AtomicInteger();
  private final SharedDownloads shared = new SharedDownloads(new CountingSources(), store);

  /** Has one blob, and counts how often it is opened. */
  private final class CountingSources implements ImageSources {
    @Override
    public ResolvedImage resolve(String name, ImageSource source, Platform platform)
        throws IOException {
      throw new IOException("nobody resolves here");
    }

    @Override
    public InputStream open(ImageSource source, Descriptor blob) throws IOException {
      if (downloads.incrementAndGet() > 1) {
        throw new IOException("once is enough");
      }
      return new ByteArrayInputStream(BYTES);
    }
  }

  /** A reader that waits for its turn. */
  private CompletableFuture<byte[]> waiting() {
    var read = new CompletableFuture<byte[]>();
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              try (var in = shared.open(SOURCE, BLOB)) {
                read.complete(in.readAllBytes());
              } catch (IOException failed) {
                read.completeExceptionally(failed);
              }
            });
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return read;
  }

  @Test
  void whoWaitsForADownloadReadsFromTheStore() throws Exception {
    CompletableFuture<byte[]> second;
    try (var first = shared.open(SOURCE, BLOB)) {
      second = waiting();
      store.add(first.readAllBytes());
      assertThat(second).isNotDone();
    }

    assertThat(second.get()).isEqualTo(BYTES);
    assertThat(downloads).hasValue(1);
  }

  @Test
  void whatIsInTheStoreIsNotDownloaded() throws Exception {
    store.add(BYTES);

    try (var one = shared.open(SOURCE, BLOB);
        var other = shared.open(SOURCE, BLOB)) {
      assertThat(one.readAllBytes()).isEqualTo(other.readAllBytes());
    }
    assertThat(downloads).hasValue(0);
  }

  @Test
  void aDownloadThatIsGivenUpLeavesTheTurnToTheNext() throws Exception {
    CompletableFuture<byte[]> second;
    try (var _ = shared.open(SOURCE, BLOB)) {
      second = waiting();
    }

    assertThat(second).failsWithin(java.time.Duration.ofMinutes(1));
    assertThat(downloads).hasValue(2);
  }

  @Test
  void aSourceThatFailsLeavesTheTurnToTheNext() {
    downloads.set(1);

    for (var i = 0; i < 2; i++) {
      assertThatThrownBy(() -> shared.open(SOURCE, BLOB)).hasMessage("once is enough");
    }
  }

  @Test
  void whoIsInterruptedWaitsNoLonger() throws Exception {
    var ended = new CompletableFuture<Exception>();
    try (var _ = shared.open(SOURCE, BLOB)) {
      var thread =
          Thread.ofVirtual()
              .start(() -> {
                try (var in = shared.open(SOURCE, BLOB)) {
                  ended.complete(new IOException("it was given " + in));
                } catch (IOException interrupted) {
                  ended.complete(interrupted);
                }
              });
      thread.interrupt();
      assertThat(ended.get()).isInstanceOf(InterruptedIOException.class);
    }
  }
}
