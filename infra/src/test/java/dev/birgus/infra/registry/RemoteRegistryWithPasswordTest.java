package dev.birgus.infra.registry;

import dev.birgus.infra.credentials.Credential;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.RealRegistry;
import dev.birgus.infra.testkit.RegistryContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a registry, kept where every request needs user and password. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RemoteRegistryWithPasswordTest implements RegistryContract {

  @TempDir static Path folder;
  private RealRegistry real;
  private RemoteRegistries registries;

  @BeforeAll
  void start() throws IOException {
    real = RealRegistry.withPassword(folder);
    registries =
        new RemoteRegistries(
            RegistrySettings.DEFAULT,
            (_, _) ->
                Optional.of(new Credential.UserPassword(RealRegistry.USER, RealRegistry.PASSWORD)),
            Journal.silent());
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
