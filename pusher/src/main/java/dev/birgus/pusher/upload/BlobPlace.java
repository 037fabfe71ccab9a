package dev.birgus.pusher.upload;

import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.oci.Digest;

/** A blob in a repository of a registry. */
record BlobPlace(String registry, String repository, Digest digest) {

  static BlobPlace of(ToRegistry destination, Digest digest) {
    var reference = destination.reference();
    return new BlobPlace(reference.registry(), reference.repository(), digest);
  }
}
