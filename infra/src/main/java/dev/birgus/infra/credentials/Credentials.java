package dev.birgus.infra.credentials;

import java.util.Optional;

/** Finds what we authenticate with. */
public interface Credentials {

  /**
   * The credential for a repository, or none to be anonymous.
   *
   * @param registry host and optional port
   * @param repository path in the registry; more specific entries win
   */
  Optional<Credential> find(String registry, String repository);
}
