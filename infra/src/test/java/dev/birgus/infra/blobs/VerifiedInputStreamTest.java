package dev.birgus.infra.blobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class VerifiedInputStreamTest {

  private static final byte[] HELLO = "hello".getBytes(UTF_8);
  private static final Digest DIGEST = Digest.sha256(HELLO);

  private static VerifiedInputStream promise(String content, Digest digest, long size) {
    return new VerifiedInputStream(new ByteArrayInputStream(content.getBytes(UTF_8)), digest, size);
  }

  @Test
  void contentAsPromisedPassesThrough() throws IOException {
    try (var input = promise("hello", DIGEST, 5)) {
      assertThat(input.readAllBytes()).isEqualTo(HELLO);
      assertThat(input.read()).isEqualTo(-1);
    }
  }

  @Test
  void emptyContentIsVerifiedToo() throws IOException {
    try (var input = promise("", Digest.sha256(new byte[0]), 0)) {
      assertThat(input.read()).isEqualTo(-1);
    }
    try (var input = promise("", DIGEST, 0)) {
      assertThatThrownBy(input::read).isInstanceOf(DigestMismatchException.class);
    }
  }

  @Test
  void cutContentIsNoEndOfStream() throws IOException {
    try (var input = promise("hell", DIGEST, 5)) {
      assertThatThrownBy(input::readAllBytes)
          .isInstanceOf(DigestMismatchException.class)
          .hasMessageContaining("expected 5 bytes");
      assertThatThrownBy(input::read).isInstanceOf(DigestMismatchException.class);
    }
  }

  @Test
  void contentThatGoesOnFailsBeforeItsLastPromisedByteIsGiven() throws IOException {
    try (var input = promise("hello!", DIGEST, 5)) {
      assertThatThrownBy(() -> input.readNBytes(5)).hasMessageContaining("got more");
    }
  }

  @Test
  void otherContentFailsBeforeItsLastByteIsGiven() throws IOException {
    try (var input = promise("jello", DIGEST, 5)) {
      assertThat(input.readNBytes(4)).hasSize(4);
      assertThatThrownBy(input::read).isInstanceOf(DigestMismatchException.class);
    }
  }

  @Test
  void skippedBytesAreVerifiedWithTheRest() throws IOException {
    var bytes = new byte[200_000];
    new Random(3).nextBytes(bytes);
    try (var input =
        new VerifiedInputStream(
            new ByteArrayInputStream(bytes), Digest.sha256(bytes), bytes.length)) {
      input.skipNBytes(100_000);
      assertThat(input.readAllBytes()).hasSize(100_000);
    }
    bytes[5] ^= 1;
    var original = bytes.clone();
    original[5] ^= 1;
    try (var input =
        new VerifiedInputStream(
            new ByteArrayInputStream(bytes), Digest.sha256(original), bytes.length)) {
      input.skipNBytes(100_000);
      assertThatThrownBy(input::readAllBytes).isInstanceOf(DigestMismatchException.class);
    }
  }
}
