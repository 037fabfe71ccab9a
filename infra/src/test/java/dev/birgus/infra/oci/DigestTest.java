package dev.birgus.infra.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DigestTest {

  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @Test
  void theDigestOfNothingIsTheWellKnownOne() {
    assertThat(Digest.sha256(new byte[0])).hasToString("sha256:" + EMPTY);
    assertThat(Digest.parse("sha256:" + EMPTY)).isEqualTo(Digest.sha256(new byte[0]));
    assertThat(Digest.sha256("a".getBytes(UTF_8)).brief()).hasSize(12);
  }

  @Test
  void sha512IsUnderstood() {
    assertThat(Digest.parse("sha512:" + "ab".repeat(64)).newComputation().getAlgorithm())
        .isEqualTo("SHA-512");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256",
        "sha256:",
        EMPTY,
        "sha256:" + EMPTY + "0",
        "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "md5:d41d8cd98f00b204e9800998ecf8427e",
        "sha256:../../../../../../../../etc/passwd",
        "sha512:" + EMPTY
      })
  void whatIsNoDigestIsRefused(String text) {
    assertThatThrownBy(() -> Digest.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
