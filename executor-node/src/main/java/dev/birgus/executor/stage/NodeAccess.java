package dev.birgus.executor.stage;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.cache.CacheFolders;
import dev.birgus.infra.secrets.SecretReader;

/**
 * What a node gives to commands that ask for it.
 *
 * @param caches for cache mounts
 * @param secrets for secret mounts
 */
public record NodeAccess(CacheFolders caches, SecretReader secrets) {

  public NodeAccess {
    requireNonNull(caches, "caches");
    requireNonNull(secrets, "secrets");
  }
}
