package dev.birgus.infra.credentials;

import java.util.Optional;

/** Finds what we authenticate with. */
public interface Credentials {

  /**
   * The credential for a repository, or none to be anonymous. Asked again every few minutes: one
   * that ends is to be good for {@link #LEAST_MINUTES} more.
   *
   * @param registry host and optional port
   * @param repository path in the registry; more specific entries win
   */
  Optional<Credential> find(String registry, String repository);

  /** How long a credential has to be good when it is given out. */
  int LEAST_MINUTES = 3;

  /**
   * Why there was none for a registry though there should have been one; empty if nobody knows. One
   * line for people, without a secret.
   */
  default Optional<String> reasonForNone(String registry) {
    return Optional.empty();
  }
}
