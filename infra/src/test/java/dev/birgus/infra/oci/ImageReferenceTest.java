package dev.birgus.infra.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageReferenceTest {

  private static final String HEX = "0".repeat(64);

  @ParameterizedTest
  @CsvSource({
    "debian, index.docker.io/library/debian",
    "debian:12, index.docker.io/library/debian:12",
    "docker.io/debian, index.docker.io/library/debian",
    "docker.io/library/debian, index.docker.io/library/debian",
    "registry-1.docker.io/a/b, index.docker.io/a/b",
    "org/app, index.docker.io/org/app",
    "localhost/app, localhost/app",
    "localhost:5000/app:v1, localhost:5000/app:v1",
    "127.0.0.1:5000/a/b/c, 127.0.0.1:5000/a/b/c",
    "[::1]:5000/app, [::1]:5000/app",
    "gcr.io/p/i:T_1.2-3, gcr.io/p/i:T_1.2-3",
    "r.test/a__b/c-d--e/f.g, r.test/a__b/c-d--e/f.g"
  })
  void aNameIsReadAndWrittenInFull(String text, String full) {
    assertThat(ImageReference.parse(text)).hasToString(full);
    assertThat(ImageReference.parse(full)).isEqualTo(ImageReference.parse(text));
  }

  @Test
  void aDigestWinsOverATag() {
    var both = ImageReference.parse("r.test/app:v1@sha256:" + HEX);
    assertThat(both.tag()).contains("v1");
    assertThat(both.digestOrTag()).isEqualTo("sha256:" + HEX);
    assertThat(both.at(both.digest().orElseThrow())).hasToString("r.test/app@sha256:" + HEX);
    assertThat(ImageReference.parse("r.test/app").digestOrTag()).isEqualTo("latest");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/app",
        "app/",
        "App",
        "r.test/App",
        "r.test//app",
        "app:",
        "app:-1",
        "app:v 1",
        "app@sha256:0",
        "app@",
        "r.test:x/app",
        "-r.test/app",
        "r.test/../app",
        "r.test/_app",
        "r.test/a..b",
        "r.test/a___b",
        "app?x=1"
      })
  void whatIsNoNameIsRefused(String text) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
