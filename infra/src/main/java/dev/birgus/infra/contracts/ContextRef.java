package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

/**
 * Names a build context that a {@code ContextStore} can open. The files themselves never travel.
 */
public record ContextRef(String id) {

  public ContextRef {
    requireNonNull(id, "id");
  }
}
