package dev.birgus.infra.credentials;

import static java.util.Objects.requireNonNull;

import java.util.List;
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

  /**
   * A credential and its source.
   *
   * @param source for people, without a secret: "the entry x of /y/config.json"; empty if nobody
   *     knows
   */
  record Provided(Credential credential, String source) {
    public Provided {
      requireNonNull(credential, "credential");
      requireNonNull(source, "source");
    }
  }

  /** What {@link #find} finds, with its source. */
  default Optional<Provided> provide(String registry, String repository) {
    return find(registry, repository).map(credential -> new Provided(credential, ""));
  }

  /**
   * The registries there are credentials for, so far as that is written down, each with its place
   * and for people: "x (in /y/config.json)".
   */
  default List<String> knownRegistries() {
    return List.of();
  }

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
