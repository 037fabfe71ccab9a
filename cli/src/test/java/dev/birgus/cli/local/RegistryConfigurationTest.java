package dev.birgus.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistryConfigurationTest {

  private static final Path KANIKO = Path.of("/kaniko/ssl/certs");

  @Test
  void theMachinesAuthoritiesAreBelieved() {
    assertThat(RegistryConfiguration.bundles(Map.of()))
        .contains(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/certs"),
            KANIKO);
  }

  @Test
  void theVariablesOfGoProgramsReplaceThem() {
    assertThat(
            RegistryConfiguration.bundles(
                Map.of("SSL_CERT_FILE", "/my/ca.pem", "SSL_CERT_DIR", "/one:/two:")))
        .containsExactly(Path.of("/my/ca.pem"), Path.of("/one"), Path.of("/two"), KANIKO);
    assertThat(RegistryConfiguration.bundles(Map.of("SSL_CERT_DIR", "/kaniko/ssl/certs")))
        .containsOnlyOnce(KANIKO)
        .doesNotContain(Path.of("/etc/ssl/certs"))
        .contains(Path.of("/etc/ssl/cert.pem"));
  }
}
