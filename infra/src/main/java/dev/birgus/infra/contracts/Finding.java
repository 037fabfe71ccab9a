package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/** Something about a Dockerfile that is worth saying but does not stop the build. */
public record Finding(String name, String message, Optional<SourceLocation> at) {

  public Finding {
    requireNonNull(name, "name");
    requireNonNull(message, "message");
    requireNonNull(at, "at");
  }
}
