package dev.birgus.infra.credentials;

import java.util.List;
import java.util.Optional;

/**
 * Asks one source of credentials after the other. The first that knows the registry is believed.
 */
public final class CredentialChain implements Credentials {

  private final List<Credentials> sources;

  /** A chain of these, the first one asked first. */
  public CredentialChain(List<Credentials> sources) {
    this.sources = List.copyOf(sources);
  }

  /** The chain of the docker configuration: what is inline, then each file. */
  public static CredentialChain of(CredentialSettings settings) {
    return new CredentialChain(DockerConfigCredentials.all(settings));
  }

  @Override
  public Optional<Credential> find(String registry, String repository) {
    for (var source : sources) {
      var credential = source.find(registry, repository);
      if (credential.isPresent()) {
        return credential;
      }
    }
    return Optional.empty();
  }
}
