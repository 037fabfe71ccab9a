package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Digest;
import java.util.Optional;

/**
 * Names a build context that a {@code ContextStore} can open. The files themselves never travel in
 * events: a context that is to be seen by other nodes is a tar in the blob store, and named by its
 * digest.
 */
public record ContextRef(String id) {

  private static final String BLOB = "blob:";

  public ContextRef {
    requireNonNull(id, "id");
  }

  /** The context that is packed in this blob. */
  public static ContextRef inBlob(Digest digest) {
    return new ContextRef(BLOB + digest);
  }

  /** The blob it is packed in; empty if it is a directory of one machine. */
  public Optional<Digest> blob() {
    if (!id.startsWith(BLOB)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Digest.parse(id.substring(BLOB.length())));
    } catch (IllegalArgumentException otherName) {
      return Optional.empty();
    }
  }
}
