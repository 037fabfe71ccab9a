package dev.birgus.infra.registry;

import static dev.birgus.infra.registry.FaultServer.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.credentials.Credential;
import dev.birgus.infra.credentials.Credentials;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.registry.RegistrySettings.PlainHttp;
import dev.birgus.infra.registry.RegistrySettings.Trust;
import dev.birgus.infra.testkit.RealRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Registries only a proxy knows the way to. */
@Timeout(60)
final class ProxyTest {

  private static final Credentials ANONYMOUS = (_, _) -> Optional.empty();
  private static final byte[] HELLO = "hello".getBytes(UTF_8);
  private static final Descriptor BLOB =
      Descriptor.of(MediaType.OCI_LAYER, Digest.sha256(HELLO), HELLO.length);
  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString("me:secret".getBytes(UTF_8));

  private static RegistrySettings through(String proxy, Set<String> plain, Trust trust) {
    return new RegistrySettings(
        new PlainHttp(false, false, plain),
        trust,
        0,
        0,
        RegistrySettings.Patience.DEFAULT,
        "birgus/test",
        new ProxySettings(proxy, proxy, ""));
  }

  private static Trust blind(String host) {
    return new Trust(false, false, Set.of(host), List.of(), Map.of(), Map.of());
  }

  private static byte[] hello(RegistrySettings settings, Credentials credentials, String host)
      throws IOException {
    try (var registries = new RemoteRegistries(settings, credentials, Journal.silent());
        var input = registries.pull(host).blob("app", BLOB)) {
      return input.readAllBytes();
    }
  }

  private static void refused(RegistrySettings settings, String host, String name, String words) {
    assertThatThrownBy(() -> hello(settings, ANONYMOUS, host))
        .isInstanceOfSatisfying(
            RegistryException.class,
            refusal -> {
              assertThat(refusal.failure().name()).isEqualTo(name);
              assertThat(refusal.failure().message()).contains(words).doesNotContain("secret");
              assertThat(refusal.failure().advice()).doesNotContain("secret");
            });
  }

  @Test
  void aRegistryThatSpeaksTlsIsReachedThroughATunnel(@TempDir Path folder) throws IOException {
    try (var registry = RealRegistry.withTls(folder);
        var proxy = new SmallProxy("").tunnelling("registry.example:443", registry.host())) {
      var settings = through("http://" + proxy.address(), Set.of(), blind("registry.example"));

      try (var registries = new RemoteRegistries(settings, ANONYMOUS, Journal.silent())) {
        registries
            .push("registry.example")
            .pushBlob("app", BLOB, () -> new ByteArrayInputStream(HELLO));
      }
      assertThat(hello(settings, ANONYMOUS, "registry.example")).isEqualTo(HELLO);

      assertThat(proxy.asked())
          .isNotEmpty()
          .allMatch(asked -> asked.line().equals("CONNECT registry.example:443"));
    }
  }

  @Test
  void aRegistryThatSpeaksPlainHttpIsAskedByTheProxy() throws IOException {
    try (var registry = new FaultServer();
        var proxy = new SmallProxy("").leading("registry.example:5000", registry.host())) {
      registry.on("GET /v2/app/blobs/" + BLOB.digest(), bytes(200, HELLO));
      var host = "registry.example:5000";

      var read = hello(through(proxy.address(), Set.of(host), Trust.USUAL), ANONYMOUS, host);

      assertThat(read).isEqualTo(HELLO);
      assertThat(proxy.asked())
          .extracting(SmallProxy.Asked::line)
          .contains("GET http://" + host + "/v2/app/blobs/" + BLOB.digest());
    }
  }

  @Test
  void theProxyIsShownItsPasswordAndTheRegistryIsNot() throws IOException {
    try (var registry = new FaultServer();
        var proxy = new SmallProxy(BASIC).leading("registry.example:5000", registry.host())) {
      registry.on("GET /v2/app/blobs/" + BLOB.digest(), bytes(200, HELLO));
      var host = "registry.example:5000";
      var settings = through("http://me:secret@" + proxy.address(), Set.of(host), Trust.USUAL);
      Credentials own = (_, _) -> Optional.of(new Credential.UserPassword("you", "own"));

      assertThat(hello(settings, own, host)).isEqualTo(HELLO);
      assertThat(proxy.asked()).allMatch(asked -> asked.authorization().equals(BASIC));
      assertThat(registry.asked()).noneMatch(asked -> asked.authorization().equals(BASIC));
    }
  }

  @Test
  void theTunnelIsOpenedWithThePassword(@TempDir Path folder) throws IOException {
    try (var registry = RealRegistry.withTls(folder);
        var proxy = new SmallProxy(BASIC).tunnelling("registry.example:443", registry.host())) {
      var host = "registry.example";
      var settings = through("http://me:secret@" + proxy.address(), Set.of(), blind(host));

      refused(settings, host, "image-not-found", "registry.example");
      assertThat(proxy.asked()).isNotEmpty().allMatch(asked -> asked.authorization().equals(BASIC));
    }
  }

  @Test
  void aProxyThatWantsAPasswordIsNamed() throws IOException {
    try (var proxy = new SmallProxy(BASIC).tunnelling("registry.example:443", "127.0.0.1:1")) {
      refused(
          through("http://me:secretly@" + proxy.address(), Set.of(), Trust.USUAL),
          "registry.example",
          "proxy-denied",
          "the proxy " + proxy.address() + " asks for a user name and a password");
    }
  }

  @Test
  void aProxyThatRefusesTheRegistryIsNamed() throws IOException {
    try (var proxy = new SmallProxy("")) {
      refused(
          through(proxy.address(), Set.of(), Trust.USUAL),
          "registry.example",
          "proxy-refused",
          "the proxy " + proxy.address() + " does not connect to registry.example");
    }
  }

  @Test
  void aProxyThatIsNotThereIsNamed() throws IOException {
    String gone;
    try (var proxy = new SmallProxy("")) {
      gone = proxy.address();
    }
    refused(
        through(gone, Set.of(), Trust.USUAL),
        "registry.example",
        "registry-unreachable",
        "through the proxy " + gone + ": the connection was refused");
  }

  @Test
  void thisMachineItselfIsReachedWithoutAProxy() throws IOException {
    try (var registry = new FaultServer();
        var proxy = new SmallProxy("")) {
      registry.on("GET /v2/app/blobs/" + BLOB.digest(), bytes(200, HELLO));

      var read = hello(through(proxy.address(), Set.of(), Trust.USUAL), ANONYMOUS, registry.host());

      assertThat(read).isEqualTo(HELLO);
      assertThat(proxy.asked()).isEmpty();
    }
  }
}
