package dev.birgus.infra.registry;

import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.RealRegistry;
import dev.birgus.infra.testkit.RegistryContract;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a registry, kept by our client and docker-registry together. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RemoteRegistryTest implements RegistryContract {

  private RealRegistry real;
  private RemoteRegistries registries;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
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

  @Override
  public Registry registry() {
    return registries.push(real.host());
  }
}
