package dev.birgus.infra.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.registry.RegistrySettings.Trust;
import dev.birgus.infra.testkit.RealRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ServiceConnectionsTest {

  private static final String AUTHORIZATION = "Basic dTpwOnE=";

  @TempDir Path folder;

  private static ServiceConnections connections(Trust trust, ProxySettings proxies) {
    var usual = RegistrySettings.DEFAULT;
    return new ServiceConnections(
        new RegistrySettings(
            usual.plainHttp(), trust, 0, 0, usual.patience(), usual.userAgent(), proxies));
  }

  @Test
  void aServiceBehindTlsIsReachedThroughAProxyThatWantsAPassword() throws IOException {
    try (var server = RealRegistry.withTls(folder);
        var proxy = new SmallProxy(AUTHORIZATION)) {
      proxy.tunnelling("localhost.test:443", server.host());
      var trust =
          new Trust(false, false, Set.of(), List.of(server.authority()), Map.of(), Map.of());
      var settings = new ProxySettings("", "http://u:p%3Aq@" + proxy.address(), "");

      // when: the certificate is for another name, so TLS has to get as far as looking at it
      var connection = connections(trust, settings).open(URI.create("https://localhost.test/v2/"));

      // then
      assertThatThrownBy(connection::getResponseCode)
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("localhost.test");
      assertThat(proxy.asked())
          .last()
          .isEqualTo(new SmallProxy.Asked("CONNECT localhost.test:443", AUTHORIZATION));
    }
  }

  @Test
  void theMachinesAuthoritiesAreBelieved() throws IOException {
    try (var server = RealRegistry.withTls(folder)) {
      var trust =
          new Trust(false, false, Set.of(), List.of(server.authority()), Map.of(), Map.of());
      var connection =
          connections(trust, ProxySettings.NONE).open(URI.create("https://" + server.host()));

      assertThat(connection.getResponseCode()).isEqualTo(200);
    }
  }

  @Test
  void skippingVerificationIsForRegistriesOnly() throws IOException {
    try (var server = RealRegistry.withTls(folder)) {
      var trust = new Trust(true, true, Set.of(server.host()), List.of(), Map.of(), Map.of());
      var connection =
          connections(trust, ProxySettings.NONE).open(URI.create("https://" + server.host()));

      assertThatThrownBy(connection::getResponseCode).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void metadataServersAreReachedWithoutAProxy() throws IOException {
    try (var proxy = new SmallProxy("")) {
      var settings = new ProxySettings("http://" + proxy.address(), "", "");
      var connections = connections(Trust.USUAL, settings);

      for (var address : List.of("http://169.254.169.254/", "http://metadata.google.internal/")) {
        var connection = connections.open(URI.create(address));
        assertThat(connection.usingProxy()).isFalse();
        assertThat(connection.getConnectTimeout()).isLessThanOrEqualTo(2_000);
        connection.disconnect();
      }
      assertThat(proxy.asked()).isEmpty();
    }
  }
}
