package dev.birgus.infra.credentials;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * User and password from variables named for a registry: {@code KANIKO_GHCR_IO_USER} and {@code
 * KANIKO_GHCR_IO_PASSWORD}. The leading labels of the host may be left out; the longest name
 * counts.
 */
final class VariableCredentials implements Credentials {

  private final Map<String, String> environment;

  VariableCredentials(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Optional<Credential> find(String registry, String repository) {
    return provide(registry, repository).map(Provided::credential);
  }

  @Override
  public Optional<Provided> provide(String registry, String repository) {
    var rest = registry.toUpperCase(Locale.ROOT).replace('-', '_').replace(':', '_');
    while (!rest.isEmpty()) {
      var name = "KANIKO_" + rest.replace('.', '_');
      var user = environment.get(name + "_USER");
      var password = environment.get(name + "_PASSWORD");
      if (user != null && password != null) {
        return Optional.of(
            new Provided(
                CredentialProgram.credential(user, password),
                "the variables " + name + "_USER and " + name + "_PASSWORD"));
      }
      var dot = rest.indexOf('.');
      rest = dot < 0 ? "" : rest.substring(dot + 1);
    }
    return Optional.empty();
  }
}
