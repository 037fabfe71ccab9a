package dev.birgus.infra.blobs;

/**
 * Deflates blocks (RFC 1951), one after the other, none depending on the one before. What comes out
 * ends on a byte and does not end the stream, so the blocks of several can be joined.
 *
 * <p>Used by one thread at a time, not always the same one.
 */
public interface BlockDeflater extends AutoCloseable {

  /**
   * Deflates one block. Equal bytes give equal bytes, whatever was deflated before.
   *
   * @param size how much of {@code plain} is the block
   * @param packed takes the result; an eighth larger than {@code plain}
   * @return how much of {@code packed} is the result
   */
  int deflate(byte[] plain, int size, byte[] packed);

  /** Frees what is held outside of the heap. */
  @Override
  void close();
}
