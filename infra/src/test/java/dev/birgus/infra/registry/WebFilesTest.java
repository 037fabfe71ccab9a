package dev.birgus.infra.registry;

import static dev.birgus.infra.registry.FaultServer.bytes;
import static dev.birgus.infra.registry.FaultServer.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class WebFilesTest {

  private static final byte[] TEXT = "FROM scratch".getBytes(UTF_8);
  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString("me:se cret".getBytes(UTF_8));

  private FaultServer server;
  private FaultServer other;

  @BeforeEach
  void start() throws IOException {
    server = new FaultServer();
    other = new FaultServer();
  }

  @AfterEach
  void stop() {
    server.close();
    other.close();
  }

  private static WebFiles files(ProxySettings proxies) {
    return new WebFiles(
        new RegistrySettings(
            RegistrySettings.PlainHttp.NOWHERE,
            RegistrySettings.Trust.USUAL,
            0,
            0,
            new RegistrySettings.Patience(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMillis(1),
                Duration.ofMillis(5)),
            "birgus/test",
            proxies),
        Journal.silent());
  }

  private static String read(String address) throws IOException {
    return read(address, ProxySettings.NONE);
  }

  private static String read(String address, ProxySettings proxies) throws IOException {
    try (var files = files(proxies);
        var stream = files.open(address)) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  private static void refused(String address, String... words) {
    assertThatThrownBy(() -> read(address))
        .isInstanceOf(RegistryException.class)
        .satisfies(refusal ->
            assertThat(refusal.getMessage()).contains(words).doesNotContain("cret", "sign"));
  }

  @Test
  void aFileIsReadAndAServersErrorTriedAgain() throws IOException {
    server.on("GET /Dockerfile", status(503), bytes(200, TEXT));

    assertThat(read("http://" + server.host() + "/Dockerfile")).isEqualTo("FROM scratch");
  }

  @Test
  void whatIsTriedAgainIsToldWithoutThePassword() throws IOException {
    server.on("GET /Dockerfile", status(503), bytes(200, TEXT));
    var told = new StringBuilder();
    Journal journal = (_, message, context) -> told.append(message).append(context);

    try (var files = new WebFiles(RegistrySettings.DEFAULT, journal)) {
      files.open("http://me:hidden@" + server.host() + "/Dockerfile").close();
    }

    assertThat(told).contains("is tried again", server.host()).doesNotContain("hidden");
  }

  @Test
  void redirectsAreFollowedAndThePasswordStaysAtItsServer() throws IOException {
    server.on("GET /a", status(302, "Location", "/b"));
    server.on("GET /b", status(307, "Location", "http://" + other.host() + "/c"));
    other.on("GET /c", bytes(200, TEXT));

    assertThat(read("http://me:se%20cret@" + server.host() + "/a")).isEqualTo("FROM scratch");

    assertThat(server.asked()).hasSize(2);
    assertThat(server.asked().getFirst().authorization()).isEqualTo(BASIC);
    assertThat(other.asked().getFirst().authorization()).isEmpty();
  }

  @Test
  void whatIsNotThereIsToldWithoutSecrets() {
    server.on("GET /loop", status(302, "Location", "/loop"));
    server.on("GET /away", status(302, "Location", "file:///etc/passwd?sign"));

    refused("http://me:se%20cret@" + server.host() + "/gone?sign=1#f", server.host() + "/gone: ");
    refused("http://" + server.host() + "/gone", "the server answered 404");
    refused("http://" + server.host() + "/loop", "redirects without end");
    refused("http://" + server.host() + "/away", "file:///etc/passwd", "we may not go");
    refused("http://me:se cret@host/x", "not an http or https address");
    refused("http://me:secret@127.0.0.1:1/x", "http://127.0.0.1:1/x: the connection was refused");
    refused("https://" + server.host().replace("127.0.0.1", "nowhere.invalid") + "/", "resolved");
  }

  @Test
  void aFileBehindAProxyIsAskedOfIt() throws IOException {
    server.on("GET /Dockerfile", bytes(200, TEXT));
    try (var proxy = new SmallProxy(BASIC).leading("files.example:80", server.host())) {
      var proxies = new ProxySettings("http://me:se%20cret@" + proxy.address(), "", "");

      assertThat(read("http://files.example/Dockerfile", proxies)).isEqualTo("FROM scratch");
      assertThat(server.asked().getFirst().authorization()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://h/x, https://h/x",
    "https://u:p@h/x?y#z, https://h/x",
    "https://u:p@h?y@z, https://h",
    "https://h/a@b, https://h/a@b",
    "u:p@h, h",
    "git://u@h/x.git#main, git://h/x.git",
  })
  void anAddressIsShownWithoutWhatMayBeSecret(String address, String shown) {
    assertThat(WebFiles.shown(address)).isEqualTo(shown);
  }
}
