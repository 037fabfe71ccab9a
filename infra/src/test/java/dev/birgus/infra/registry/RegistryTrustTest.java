package dev.birgus.infra.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.credentials.Credential;
import dev.birgus.infra.credentials.Credentials;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.registry.RegistrySettings.ClientCertificate;
import dev.birgus.infra.registry.RegistrySettings.PlainHttp;
import dev.birgus.infra.registry.RegistrySettings.Trust;
import dev.birgus.infra.testkit.Need;
import dev.birgus.infra.testkit.RealRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates, passwords and plain http against docker-registry. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RegistryTrustTest {

  private static final Credentials ANONYMOUS = (_, _) -> Optional.empty();
  private static final byte[] HELLO = "hello".getBytes(UTF_8);

  @TempDir static Path folder;
  private RealRegistry tls;
  private RealRegistry password;

  @BeforeAll
  void start() throws IOException {
    tls = RealRegistry.withTls(folder.resolve("tls"));
    password = RealRegistry.withPassword(folder.resolve("password"));
  }

  @AfterAll
  void stop() {
    if (tls != null) {
      tls.close();
    }
    if (password != null) {
      password.close();
    }
  }

  private static RegistrySettings trusting(Trust trust) {
    var usual = RegistrySettings.DEFAULT;
    return new RegistrySettings(
        PlainHttp.NOWHERE, trust, 0, 0, usual.patience(), "birgus/test", ProxySettings.NONE);
  }

  private static Trust authority(String host, Path file) {
    return new Trust(false, false, Set.of(), List.of(), Map.of(host, file), Map.of());
  }

  private static void pushHello(RegistrySettings settings, Credentials credentials, String host)
      throws IOException {
    try (var registries = new RemoteRegistries(settings, credentials, Journal.silent())) {
      var blob = Descriptor.of(MediaType.OCI_LAYER, Digest.sha256(HELLO), HELLO.length);
      registries.push(host).pushBlob("app", blob, () -> new ByteArrayInputStream(HELLO));
      try (var input = registries.pull(host).blob("app", blob)) {
        assertThat(input.readAllBytes()).isEqualTo(HELLO);
      }
    }
  }

  @Test
  void aRegistryIsTrustedByTheAuthorityGivenForIt() throws IOException {
    pushHello(trusting(authority(tls.host(), tls.authority())), ANONYMOUS, tls.host());
  }

  @Test
  void aRegistryIsTrustedByACertificateOfTheBundles() throws IOException {
    var trust =
        new Trust(
            false,
            false,
            Set.of(),
            List.of(tls.authority(), folder.resolve("missing.pem")),
            Map.of(),
            Map.of());
    pushHello(trusting(trust), ANONYMOUS, tls.host());
  }

  @Test
  void whatCannotBeReadInAMachinesFolderIsPassedOver(@TempDir Path certificates)
      throws IOException {
    var broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    Files.writeString(certificates.resolve("a.pem"), "-----BEGIN CERTIFICATE-----\ncut");
    Files.writeString(certificates.resolve("b.crt"), broken + Files.readString(tls.authority()));
    Files.writeString(certificates.resolve("c.pem"), "nothing");
    var bundles = List.of(Path.of("/nowhere"), certificates);
    var trust = new Trust(false, false, Set.of(), bundles, Map.of(), Map.of());

    pushHello(trusting(trust), ANONYMOUS, tls.host());
  }

  @Test
  void anUnknownAuthorityIsToldWithWhatToDo() {
    assertThatThrownBy(() -> pushHello(RegistrySettings.DEFAULT, ANONYMOUS, tls.host()))
        .isInstanceOfSatisfying(
            RegistryException.class,
            untrusted -> {
              assertThat(untrusted.failure().name()).isEqualTo("registry-untrusted");
              assertThat(untrusted.failure().advice())
                  .contains("--registry-certificate=" + tls.host());
            });
  }

  @Test
  void aCertificateIsNotLookedAtWhereTheUserSaidSo() throws IOException {
    var trust = new Trust(false, false, Set.of(tls.host()), List.of(), Map.of(), Map.of());
    pushHello(trusting(trust), ANONYMOUS, tls.host());
  }

  @Test
  void aCertificateForAnotherNameIsRefusedUnlessTheUserSaidSo() throws IOException {
    try (var other = RealRegistry.withTlsForAnotherName(folder.resolve("other"))) {
      var host = other.host();
      assertThatThrownBy(
              () -> pushHello(trusting(authority(host, other.authority())), ANONYMOUS, host))
          .isInstanceOfSatisfying(
              RegistryException.class,
              untrusted -> assertThat(untrusted.failure().name()).isEqualTo("registry-untrusted"));

      var blind = new Trust(false, false, Set.of(host), List.of(), Map.of(), Map.of());
      pushHello(trusting(blind), ANONYMOUS, host);
    }
  }

  @Test
  void aPlainRegistryIsToldFromOneThatSpeaksTls() {
    var host = password.host();
    assertThatThrownBy(() -> pushHello(trusting(authority(host, tls.authority())), ANONYMOUS, host))
        .isInstanceOfSatisfying(
            RegistryException.class,
            plain -> assertThat(plain.failure().advice()).contains("--insecure-registry=" + host));
  }

  @Test
  void theRightPasswordOpens() throws IOException {
    pushHello(
        RegistrySettings.DEFAULT,
        (_, _) ->
            Optional.of(new Credential.UserPassword(RealRegistry.USER, RealRegistry.PASSWORD)),
        password.host());
  }

  @Test
  void aWrongPasswordAndNoneAreDenied() {
    Credentials wrong = (_, _) -> Optional.of(new Credential.UserPassword("tester", "wrong"));
    for (var credentials : List.of(wrong, ANONYMOUS)) {
      assertThatThrownBy(() -> pushHello(RegistrySettings.DEFAULT, credentials, password.host()))
          .isInstanceOfSatisfying(
              RegistryException.class,
              denied -> assertThat(denied.failure().name()).isEqualTo("registry-denied"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048, RSA",
    "genrsa -traditional 2048, RSA",
    "ecparam -name prime256v1 -genkey -noout, EC",
    "ecparam -name secp384r1 -genkey, EC",
    "genpkey -algorithm ED25519, EdDSA"
  })
  void everyFormOfKeyIsRead(String command, String algorithm) throws Exception {
    Need.installed(RealRegistry.program("openssl").isPresent(), "openssl");
    var file = Files.createTempFile(folder, "key", ".pem");
    var words = new java.util.ArrayList<>(List.of("openssl"));
    words.addAll(List.of(command.split(" ")));
    var process =
        new ProcessBuilder(words)
            .redirectOutput(file.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isZero();

    assertThat(PemFile.read(file).privateKey().getAlgorithm()).isEqualTo(algorithm);
  }

  @Test
  void aClientCertificateIsLoadedWithItsKey() throws IOException {
    var client =
        new ClientCertificate(folder.resolve("tls/server.pem"), folder.resolve("tls/server.key"));
    var trust =
        new Trust(
            false,
            false,
            Set.of(),
            List.of(),
            Map.of(tls.host(), tls.authority()),
            Map.of(tls.host(), client));
    pushHello(trusting(trust), ANONYMOUS, tls.host());
  }

  @Test
  void aCertificateFileThatIsNoneIsNamed() throws IOException {
    var file = Files.writeString(folder.resolve("wrong.pem"), "hello");
    assertThatThrownBy(
            () -> pushHello(trusting(authority(tls.host(), file)), ANONYMOUS, tls.host()))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("no certificate");
  }
}
