package dev.birgus.infra.registry;

import dev.birgus.infra.credentials.Credential;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.RealRegistry;
import dev.birgus.infra.testkit.RegistryContract;
import dev.birgus.infra.testkit.RegistryTokens;
import dev.birgus.infra.testkit.TokenServices;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a registry, kept where every request needs a token for its repository. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RemoteRegistryWithTokensTest implements RegistryContract {

  @TempDir static Path folder;
  private RealRegistry real;
  private TokenServices services;
  private RemoteRegistries registries;

  @BeforeAll
  void start() throws IOException, GeneralSecurityException {
    services = new TokenServices();
    real = RealRegistry.withTokens(folder, "http://" + services.address() + "/token");
    services.on("127.0.0.1", new RegistryTokens(folder).service("me", "secret"));
    registries =
        new RemoteRegistries(
            RegistrySettings.DEFAULT,
            (_, _) -> Optional.of(new Credential.UserPassword("me", "secret")),
            Journal.silent());
  }

  @AfterAll
  void stop() {
    if (registries != null) {
      registries.close();
      real.close();
      services.close();
    }
  }

  @Override
  public Registry registry() {
    return registries.push(real.host());
  }
}
