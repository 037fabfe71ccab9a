package dev.birgus.infra.blobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResumingInputStreamTest {

  private static final byte[] HELLO = "hello, crab".getBytes(UTF_8);

  private final List<Long> opened = new ArrayList<>();

  private ResumingInputStream cutAfterEach(int bytes, int attempts) {
    return new ResumingInputStream(
        offset -> {
          opened.add(offset);
          return content(offset, bytes);
        },
        HELLO.length,
        attempts);
  }

  private static InputStream content(long offset, int bytes) {
    return new ByteArrayInputStream(HELLO, (int) offset, bytes);
  }

  @Test
  void readingGoesOnWhereItWasCut() throws IOException {
    try (var stream = cutAfterEach(4, 2)) {
      assertThat(stream.readAllBytes()).isEqualTo(HELLO);
    }
    assertThat(opened).containsExactly(0L, 4L, 8L);
  }

  @Test
  void whatIsSentBeyondTheSizeIsNotRead() throws IOException {
    try (var stream = new ResumingInputStream(offset -> content(offset, 11), 5, 1)) {
      assertThat(stream.readAllBytes()).isEqualTo("hello".getBytes(UTF_8));
    }
  }

  @Test
  void itFailsIfNothingComesAnyMore() throws IOException {
    try (var stream = cutAfterEach(0, 3)) {
      assertThatThrownBy(stream::readAllBytes)
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("0 of 11");
    }
    assertThat(opened).containsExactly(0L, 0L, 0L);
  }
}
