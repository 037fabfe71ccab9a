package dev.birgus.infra.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.blobs.PacedInputStream.Pace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PacedInputStreamTest {

  private static final Pace PACE = new Pace(100, Duration.ofSeconds(10));

  private final AtomicLong clock = new AtomicLong();

  private PacedInputStream stream(int size) {
    return new PacedInputStream(new ByteArrayInputStream(new byte[size]), PACE, clock::get);
  }

  @Test
  void aSenderWhoIsTooSlowIsGivenUp() throws IOException {
    try (var stream = stream(1000)) {
      for (var i = 0; i < 9; i++) {
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(stream.readNBytes(9)).hasSize(9);
      }
      clock.addAndGet(Duration.ofSeconds(1).toNanos());
      assertThatThrownBy(() -> stream.readNBytes(9))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContaining("90 bytes");
    }
  }

  @Test
  void aSenderWhoIsFastEnoughMayTakeAsLongAsItLikes() throws IOException {
    try (var stream = stream(10_000)) {
      for (var i = 0; i < 100; i++) {
        clock.addAndGet(Duration.ofSeconds(9).toNanos());
        assertThat(stream.readNBytes(100)).hasSize(100);
      }
      clock.addAndGet(Duration.ofSeconds(99).toNanos());
      assertThat(stream.read()).isEqualTo(-1);
    }
  }
}
