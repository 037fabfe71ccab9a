package dev.birgus.infra.credentials;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The account GitLab gives a job for its own registry. No other registry is shown it. */
final class GitLabCredentials implements Credentials {

  private final Map<String, String> environment;

  GitLabCredentials(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Optional<Credential> find(String registry, String repository) {
    return provide(registry, repository).map(Provided::credential);
  }

  @Override
  public Optional<Provided> provide(String registry, String repository) {
    var user = environment.getOrDefault("CI_REGISTRY_USER", "");
    var password = environment.getOrDefault("CI_REGISTRY_PASSWORD", "");
    var own = host(environment.getOrDefault("CI_REGISTRY", ""));
    return user.isEmpty() || password.isEmpty() || !own.equals(host(registry))
        ? Optional.empty()
        : Optional.of(
            new Provided(
                CredentialProgram.credential(user, password),
                "the variables CI_REGISTRY_USER and CI_REGISTRY_PASSWORD"));
  }

  @Override
  public List<String> knownRegistries() {
    var own = host(environment.getOrDefault("CI_REGISTRY", ""));
    return own.isEmpty() || environment.getOrDefault("CI_REGISTRY_USER", "").isEmpty()
        ? List.of()
        : List.of(own + " (in the variables of the GitLab job)");
  }

  /** Host and port of what may be written as an address. */
  private static String host(String text) {
    var scheme = text.indexOf("://");
    var rest = scheme < 0 ? text : text.substring(scheme + 3);
    var slash = rest.indexOf('/');
    var host = (slash < 0 ? rest : rest.substring(0, slash)).toLowerCase(Locale.ROOT);
    return host.endsWith(":443") ? host.substring(0, host.length() - 4) : host;
  }
}
