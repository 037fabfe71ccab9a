package dev.birgus.infra.credentials;

import static java.util.Objects.requireNonNull;

/** What we show a registry. Its text form never holds the secret. */
public sealed interface Credential {

  /** A user and a password or access token. */
  record UserPassword(String user, String password) implements Credential {
    public UserPassword {
      requireNonNull(user, "user");
      requireNonNull(password, "password");
    }

    @Override
    public String toString() {
      return "UserPassword[" + user + "]";
    }
  }

  /** A refresh token to be exchanged at the registry's token service. */
  record IdentityToken(String token) implements Credential {
    public IdentityToken {
      requireNonNull(token, "token");
    }

    @Override
    public String toString() {
      return "IdentityToken[...]";
    }
  }

  /** A bearer token to be sent as it is. */
  record RegistryToken(String token) implements Credential {
    public RegistryToken {
      requireNonNull(token, "token");
    }

    @Override
    public String toString() {
      return "RegistryToken[...]";
    }
  }
}
