package dev.birgus.infra.contracts;

/** The family of media types an image's manifest, configuration and layers are of. */
public enum ImageFormat {
  /** Docker's, schema 2. It has no name for layers compressed with zstd. */
  DOCKER,
  /** That of the OCI image specification. */
  OCI
}
