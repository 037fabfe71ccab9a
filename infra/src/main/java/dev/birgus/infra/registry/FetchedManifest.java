package dev.birgus.infra.registry;

import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;

/** A manifest or an index as it was received, its digest verified. */
public final class FetchedManifest {

  private final MediaType mediaType;
  private final Digest digest;
  private final byte[] bytes;

  /** These bytes, of this type. */
  public FetchedManifest(MediaType mediaType, byte[] bytes) {
    this.mediaType = mediaType;
    this.bytes = bytes.clone();
    this.digest = Digest.sha256(bytes);
  }

  /** What the registry said it is. */
  public MediaType mediaType() {
    return mediaType;
  }

  /** What the bytes hash to. */
  public Digest digest() {
    return digest;
  }

  /** The bytes, as a copy. */
  public byte[] bytes() {
    return bytes.clone();
  }
}
