package dev.birgus.cli.local;

import dev.birgus.cli.flags.BuildCommand.RegistryAccess;
import dev.birgus.infra.registry.RegistrySettings;
import dev.birgus.infra.registry.RegistrySettings.ClientCertificate;
import dev.birgus.infra.registry.RegistrySettings.Patience;
import dev.birgus.infra.registry.RegistrySettings.PlainHttp;
import dev.birgus.infra.registry.RegistrySettings.Trust;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How registries are spoken to, by command line and environment. */
final class RegistryConfiguration {

  private RegistryConfiguration() {}

  static RegistrySettings of(RegistryAccess access, Machine machine) {
    var type = Optional.of(access.clientType()).filter(text -> !text.isEmpty());
    return new RegistrySettings(
        new PlainHttp(
            access.insecurePush(), access.insecurePull(), Set.copyOf(access.insecureRegistries())),
        trust(access, machine),
        access.pushRetries(),
        access.pullRetries(),
        Patience.DEFAULT,
        RegistrySettings.userAgent(machine.version(), type));
  }

  private static Trust trust(RegistryAccess access, Machine machine) {
    var folder = machine.workingDirectory();
    var authorities = new HashMap<String, Path>();
    access.certificates().forEach((host, path) -> authorities.put(host, folder.resolve(path)));
    var shown = new HashMap<String, ClientCertificate>();
    access
        .clientCertificates()
        .forEach((host, pair) ->
            shown.put(
                host,
                new ClientCertificate(
                    folder.resolve(pair.certificate()), folder.resolve(pair.key()))));
    return new Trust(
        access.skipTlsVerify(),
        access.skipTlsVerifyPull(),
        Set.copyOf(access.skipTlsVerifyRegistries()),
        bundles(machine),
        authorities,
        shown);
  }

  /** The variables Go programs, kaniko among them, take their authorities from. */
  private static List<Path> bundles(Machine machine) {
    var bundles = new ArrayList<Path>();
    var file = machine.environment().getOrDefault("SSL_CERT_FILE", "");
    if (!file.isEmpty()) {
      bundles.add(Path.of(file));
    }
    for (var directory : machine.environment().getOrDefault("SSL_CERT_DIR", "").split(":")) {
      if (!directory.isEmpty()) {
        bundles.add(Path.of(directory));
      }
    }
    return bundles;
  }
}
