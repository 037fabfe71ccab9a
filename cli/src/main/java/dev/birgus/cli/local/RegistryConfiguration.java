package dev.birgus.cli.local;

import dev.birgus.cli.flags.BuildCommand.RegistryAccess;
import dev.birgus.infra.credentials.CredentialChain;
import dev.birgus.infra.credentials.CredentialSettings;
import dev.birgus.infra.credentials.Credentials;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.registry.ProxySettings;
import dev.birgus.infra.registry.RegistrySettings;
import dev.birgus.infra.registry.RegistrySettings.ClientCertificate;
import dev.birgus.infra.registry.RegistrySettings.Patience;
import dev.birgus.infra.registry.RegistrySettings.PlainHttp;
import dev.birgus.infra.registry.RegistrySettings.Trust;
import dev.birgus.infra.registry.ServiceConnections;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How registries are spoken to, by command line and environment. */
public final class RegistryConfiguration {

  /** The bundles of Debian, Fedora, SUSE, RHEL and Alpine; a machine has one of them. */
  private static final List<String> USUAL_FILES =
      List.of(
          "/etc/ssl/certs/ca-certificates.crt",
          "/etc/pki/tls/certs/ca-bundle.crt",
          "/etc/ssl/ca-bundle.pem",
          "/etc/pki/tls/cacert.pem",
          "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
          "/etc/ssl/cert.pem");

  private static final List<String> USUAL_FOLDERS = List.of("/etc/ssl/certs", "/etc/pki/tls/certs");
  private static final Path KANIKO_FOLDER = Path.of("/kaniko/ssl/certs");

  /** What kaniko's image has as DOCKER_CONFIG is below it, and people mount their file there. */
  private static final String KANIKO = "/kaniko";

  private RegistryConfiguration() {}

  /** How registries are spoken to. */
  public static RegistrySettings of(RegistryAccess access, Machine machine) {
    var type = Optional.of(access.clientType()).filter(text -> !text.isEmpty());
    return new RegistrySettings(
        new PlainHttp(
            access.insecurePush(), access.insecurePull(), Set.copyOf(access.insecureRegistries())),
        trust(access, machine),
        access.pushRetries(),
        access.pullRetries(),
        Patience.DEFAULT,
        RegistrySettings.userAgent(machine.version(), type),
        ProxySettings.of(machine.environment()));
  }

  /** Who we are to registries, by command line and environment. */
  public static Credentials credentials(
      RegistryAccess access, RegistrySettings settings, Machine machine, Journal journal) {
    var sources =
        CredentialSettings.fromEnvironment(machine.environment())
            .with(machine.workingDirectory().resolve(access.kanikoDirectory().orElse(KANIKO)))
            .asking(access.credentialSources());
    return CredentialChain.of(sources, new ServiceConnections(settings), journal);
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
        bundles(machine.environment()),
        authorities,
        shown);
  }

  /**
   * Where Go programs, kaniko among them, take their authorities from: the two variables, or else
   * the machine's usual places. Those of kaniko's image count in any case: jobs mount their own
   * authorities there.
   */
  static List<Path> bundles(Map<String, String> environment) {
    var bundles = new ArrayList<Path>();
    var file = environment.getOrDefault("SSL_CERT_FILE", "");
    (file.isEmpty() ? USUAL_FILES : List.of(file)).forEach(path -> bundles.add(Path.of(path)));
    var directories = environment.getOrDefault("SSL_CERT_DIR", "");
    var folders = directories.isEmpty() ? USUAL_FOLDERS : List.of(directories.split(":"));
    for (var directory : folders) {
      if (!directory.isEmpty()) {
        bundles.add(Path.of(directory));
      }
    }
    if (!bundles.contains(KANIKO_FOLDER)) {
      bundles.add(KANIKO_FOLDER);
    }
    return bundles;
  }
}
