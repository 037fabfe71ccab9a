package dev.birgus.infra.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.registry.Endpoint.Direction;
import dev.birgus.infra.registry.RegistrySettings.PlainHttp;
import dev.birgus.infra.registry.RegistrySettings.Trust;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EndpointTest {

  private static RegistrySettings settings(PlainHttp plain, Trust trust) {
    return new RegistrySettings(
        plain, trust, 0, 0, RegistrySettings.Patience.DEFAULT, "test", ProxySettings.NONE);
  }

  @Test
  void dockerHubIsServedByAnotherHostThanItsName() {
    var endpoint = Endpoint.of("index.docker.io", Direction.PULL, RegistrySettings.DEFAULT);
    assertThat(endpoint.authority()).isEqualTo("registry-1.docker.io");
    assertThat(endpoint.schemes()).containsExactly("https");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, true",
    "localhost:5000, true",
    "127.0.0.1:5000, true",
    "127.9.8.7, true",
    "[::1]:5000, true",
    "nas.local, true",
    "nas.local:5000, true",
    "127.0.0.1.evil.test, false",
    "localhost.evil.test:5000, false",
    "notlocalhost, false",
    "registry.test, false",
    "[2001:db8::1]:5000, false"
  })
  void onlyThisMachineAndItsNeighboursAreLocal(String registry, boolean local) {
    assertThat(Endpoint.isLocal(registry)).isEqualTo(local);
  }

  @Test
  void plainHttpIsAllowedOnlyWhereItWasAskedFor() {
    var push = settings(new PlainHttp(true, false, Set.of("plain.test")), Trust.USUAL);
    assertThat(Endpoint.of("a.test", Direction.PUSH, push).schemes())
        .containsExactly("https", "http");
    assertThat(Endpoint.of("a.test", Direction.PULL, push).schemes()).containsExactly("https");
    assertThat(Endpoint.of("plain.test", Direction.PULL, push).schemes())
        .containsExactly("https", "http");
  }

  @Test
  void aLocalRegistryWithItsOwnAuthoritySpeaksTls() {
    var trust =
        new Trust(
            false,
            false,
            Set.of(),
            List.of(),
            Map.of("localhost:5000", java.nio.file.Path.of("/ca.pem")),
            Map.of());
    assertThat(
            Endpoint.of("localhost:5000", Direction.PUSH, settings(PlainHttp.NOWHERE, trust))
                .schemes())
        .containsExactly("https");
  }

  @Test
  void verificationIsSkippedOnlyWhereItWasAskedFor() {
    var trust = new Trust(false, true, Set.of("odd.test"), List.of(), Map.of(), Map.of());
    var settings = settings(PlainHttp.NOWHERE, trust);
    assertThat(Endpoint.of("a.test", Direction.PULL, settings).verified()).isFalse();
    assertThat(Endpoint.of("a.test", Direction.PUSH, settings).verified()).isTrue();
    assertThat(Endpoint.of("odd.test", Direction.PUSH, settings).verified()).isFalse();
  }
}
