package dev.birgus.cli.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteAccessTest {

  private static RemoteAccess access(String server) {
    return new RemoteAccess(server, Optional.of("0123456789abcdef"), Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://ci.example:8180", "http://10.0.0.1:8180/birgus", "http://[fd00::1]"})
  void aTokenThatOthersCanReadIsWarnedOf(String server) {
    assertThat(access(server).warning())
        .hasValueSatisfying(text -> assertThat(text).contains(server).doesNotContain("0123456789"));
    assertThat(new RemoteAccess(server, Optional.empty(), Optional.empty()).warning()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://ci.example",
        "http://localhost:8180",
        "http://127.0.0.1:8180",
        "http://[::1]:8180"
      })
  void aTokenThatStaysHereOrIsHiddenIsNot(String server) {
    assertThat(access(server).warning()).isEmpty();
  }
}
