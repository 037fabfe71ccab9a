package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Digest;

/** The name of a stage's work: the digest of everything its result depends on. */
public record StageId(Digest digest) {

  public StageId {
    requireNonNull(digest, "digest");
  }

  @Override
  public String toString() {
    return digest.toString();
  }
}
