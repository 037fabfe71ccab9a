package dev.birgus.infra.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.testkit.RealRegistry;
import dev.birgus.infra.testkit.RegistryContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a registry, kept by our client and docker-registry together. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RemoteRegistryTest implements RegistryContract {

  @TempDir static Path folder;
  private RealRegistry real;
  private RemoteRegistries registries;

  @BeforeAll
  void start() throws IOException {
    real = RealRegistry.plain(folder);
    registries =
        new RemoteRegistries(
            RegistrySettings.DEFAULT, (_, _) -> Optional.empty(), Journal.silent());
  }

  @AfterAll
  void stop() {
    if (registries != null) {
      registries.close();
      real.close();
    }
  }

  @Test
  void whatWasBegunAndNotFinishedIsEnded() throws IOException {
    // given
    var registry = registry();
    var blob = Descriptor.of(MediaType.OCI_LAYER, Digest.sha256(new byte[] {1}), 1);

    // when
    registry.checkPush("ended/checked");
    assertThat(registry.mountBlob("ended/mounted", blob.digest(), "nowhere")).isFalse();
    assertThatThrownBy(() ->
            registry.pushBlob("ended/lied", blob, () -> new ByteArrayInputStream(new byte[1])))
        .hasMessageContaining("DIGEST_INVALID");

    // then
    var repositories = folder.resolve("storage/docker/registry/v2/repositories/ended");
    try (var files = Files.walk(repositories)) {
      assertThat(files.filter(file -> file.endsWith("data"))).isEmpty();
    }
  }

  @Override
  public Registry registry() {
    return registries.push(real.host());
  }
}
