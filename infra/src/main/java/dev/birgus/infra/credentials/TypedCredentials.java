package dev.birgus.infra.credentials;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What somebody says is their user and password, for whatever registry is asked about.
 *
 * @param source where it was written, for people: "standard input"
 */
public record TypedCredentials(Credential.UserPassword typed, String source)
    implements Credentials {

  public TypedCredentials {
    requireNonNull(typed, "typed");
    requireNonNull(source, "source");
  }

  @Override
  public Optional<Credential> find(String registry, String repository) {
    return Optional.of(CredentialProgram.credential(typed.user(), typed.password()));
  }

  @Override
  public Optional<Provided> provide(String registry, String repository) {
    return find(registry, repository).map(credential -> new Provided(credential, source));
  }
}
