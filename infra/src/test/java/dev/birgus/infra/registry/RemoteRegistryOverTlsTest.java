package dev.birgus.infra.registry;

import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.RealRegistry;
import dev.birgus.infra.testkit.RegistryContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a registry, kept over TLS with an authority of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RemoteRegistryOverTlsTest implements RegistryContract {

  @TempDir static Path folder;
  private RealRegistry real;
  private RemoteRegistries registries;

  @BeforeAll
  void start() throws IOException {
    real = RealRegistry.withTls(folder);
    var usual = RegistrySettings.DEFAULT;
    var trust =
        new RegistrySettings.Trust(
            false, false, Set.of(), List.of(), Map.of(real.host(), real.authority()), Map.of());
    var settings =
        new RegistrySettings(
            usual.plainHttp(), trust, 0, 0, usual.patience(), usual.userAgent(), usual.proxies());
    registries = new RemoteRegistries(settings, (_, _) -> Optional.empty(), Journal.silent());
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
