package dev.birgus.infra.contracts;

import dev.birgus.infra.oci.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;

/**
 * Computes the key of a piece of work. Every part goes in with its length before it, so that
 * different sequences of parts can never be the same bytes.
 */
public final class FramedKey {

  private final MessageDigest computation = Digest.newSha256();

  /**
   * A key of this kind of work.
   *
   * @param kind names what is keyed and the version of how, so that kinds never collide
   */
  public FramedKey(String kind) {
    add(kind);
  }

  /** Adds a text. */
  public FramedKey add(String part) {
    var bytes = part.getBytes(StandardCharsets.UTF_8);
    computation.update(ByteBuffer.allocate(Long.BYTES).putLong(bytes.length).flip());
    computation.update(bytes);
    return this;
  }

  /** Adds a number. */
  public FramedKey add(long part) {
    return add(Long.toString(part));
  }

  /** Adds how many parts follow, and the parts. */
  public FramedKey addAll(Collection<String> parts) {
    add(parts.size());
    parts.forEach(this::add);
    return this;
  }

  /** The key; nothing can be added afterwards. */
  public Digest finish() {
    return Digest.ofSha256(computation.digest());
  }
}
