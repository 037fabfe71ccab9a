package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import java.util.Optional;

/**
 * A sealed layer.
 *
 * @param blob the bytes as they are stored and uploaded
 * @param diffId the digest of the tar inside
 * @param source where the blob can be had if the blob store has not got it; empty for a layer we
 *     made
 */
public record Layer(Descriptor blob, Digest diffId, Optional<ImageSource> source) {

  public Layer {
    requireNonNull(blob, "blob");
    requireNonNull(diffId, "diffId");
    requireNonNull(source, "source");
  }
}
