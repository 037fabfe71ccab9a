package dev.birgus.infra.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlatformTest {

  @ParameterizedTest
  @CsvSource({
    "linux/amd64, linux/amd64",
    "Linux/x86_64, linux/amd64",
    "linux/amd64/v1, linux/amd64",
    "linux/amd64/v3, linux/amd64/v3",
    "linux/aarch64, linux/arm64",
    "linux/arm64/v8, linux/arm64",
    "linux/arm, linux/arm/v7",
    "linux/arm/v6, linux/arm/v6",
    "linux/armhf, linux/arm/v7",
    "linux/armel, linux/arm/v6",
    "linux/i386, linux/386",
    "linux/riscv64, linux/riscv64"
  })
  void synonymsAreOnePlatform(String text, String platform) {
    assertThat(Platform.parse(text)).hasToString(platform);
    assertThat(Platform.parse(platform)).isEqualTo(Platform.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "linux", "linux/", "/amd64", "linux/arm/v7/x", "linux/a b", "li nux/x"})
  void whatIsNoPlatformIsRefused(String text) {
    assertThatThrownBy(() -> Platform.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
