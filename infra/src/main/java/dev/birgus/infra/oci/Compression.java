package dev.birgus.infra.oci;

/** How the bytes of a layer are packed. */
public enum Compression {
  /** A plain tar. */
  NONE,
  /** RFC 1952. */
  GZIP,
  /** RFC 8878; layers of this kind exist in OCI images only. */
  ZSTD
}
