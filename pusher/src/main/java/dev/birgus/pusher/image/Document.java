package dev.birgus.pusher.image;

import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;

/** A configuration or a manifest: its bytes and what they are called by. */
public final class Document {

  private final Descriptor descriptor;
  private final byte[] bytes;

  /** These bytes, of this type. */
  public Document(MediaType mediaType, byte[] bytes) {
    this.bytes = bytes.clone();
    this.descriptor = Descriptor.of(mediaType, Digest.sha256(bytes), bytes.length);
  }

  /** Type, digest and size. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /** What the bytes hash to. */
  public Digest digest() {
    return descriptor.digest();
  }

  /** The bytes, as a copy. */
  public byte[] bytes() {
    return bytes.clone();
  }
}
