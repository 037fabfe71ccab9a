package dev.birgus.infra.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.credentials.Credential;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.testkit.FaultProxy;
import dev.birgus.infra.testkit.RealRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A real registry that wants a password, behind a proxy that spoils what it is told to, and our
 * client, which has little patience. What the client notes is kept.
 */
final class BehindFaults implements AutoCloseable {

  private static final String PAIR =
      Base64.getEncoder()
          .encodeToString((RealRegistry.USER + ":" + RealRegistry.PASSWORD).getBytes(UTF_8));

  private final FaultProxy proxy;
  private final RemoteRegistries registries;
  private final List<String> notes = new CopyOnWriteArrayList<>();

  BehindFaults(RealRegistry real) throws IOException {
    this(real.host(), 0, Optional.of(user(RealRegistry.PASSWORD)));
  }

  BehindFaults(String host, int addedAttempts, Optional<Credential> credential) throws IOException {
    proxy = new FaultProxy(host);
    registries =
        new RemoteRegistries(
            impatient(addedAttempts),
            (_, _) -> credential,
            (level, message, context) -> notes.add(level + " " + message + " " + context));
  }

  static Credential user(String password) {
    return new Credential.UserPassword(RealRegistry.USER, password);
  }

  /** A second for everything, and pauses of no length. */
  static RegistrySettings impatient(int addedAttempts) {
    return new RegistrySettings(
        RegistrySettings.PlainHttp.NOWHERE,
        RegistrySettings.Trust.USUAL,
        addedAttempts,
        addedAttempts,
        new RegistrySettings.Patience(
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofMillis(1),
            Duration.ofMillis(20)),
        "birgus/test",
        ProxySettings.NONE);
  }

  static byte[] random(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  static Descriptor blob(byte[] bytes) {
    return Descriptor.of(MediaType.OCI_LAYER_GZIP, Digest.sha256(bytes), bytes.length);
  }

  static Registry.BlobContent content(byte[] bytes) {
    return () -> new ByteArrayInputStream(bytes);
  }

  FaultProxy proxy() {
    return proxy;
  }

  String host() {
    return proxy.host();
  }

  Registry push() {
    return registries.push(proxy.host());
  }

  Registry pull() {
    return registries.pull(proxy.host());
  }

  /** Pushes a blob that is not there yet. */
  Descriptor pushed(String repository, byte[] bytes) throws IOException {
    push().pushBlob(repository, blob(bytes), content(bytes));
    return blob(bytes);
  }

  /** Whether a repository has a blob with just these bytes. */
  void holds(String repository, byte[] bytes) throws IOException {
    proxy.heal();
    try (var input = pull().blob(repository, blob(bytes))) {
      assertThat(input.readAllBytes()).isEqualTo(bytes);
    }
  }

  /** What was noted at a level. */
  List<String> notes(Journal.Level level) {
    return notes.stream().filter(note -> note.startsWith(level.name())).toList();
  }

  /** Checks that nothing that was noted, and nothing of a failure, tells the password. */
  void toldNoSecret(Throwable... failures) {
    var all = new StringBuilder(String.join("\n", notes));
    for (var failure : failures) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        all.append('\n').append(cause);
        if (cause instanceof RegistryException refused) {
          all.append('\n').append(refused.failure());
        }
      }
    }
    assertThat(all.toString())
        .doesNotContain(RealRegistry.PASSWORD, PAIR, "Basic ", "Bearer ")
        .doesNotContainPattern("_state=(?!\\.\\.\\.)");
  }

  @Override
  public void close() throws IOException {
    registries.close();
    proxy.close();
    toldNoSecret();
  }
}
