package dev.birgus.infra.blobs;

import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Where a node finds the blobs of other nodes, and puts its own for them to find. What fails says
 * so with a {@link StorageException} that names the place and what to do.
 */
public interface SharedBlobs extends AutoCloseable {

  /** The size of a blob, in bytes, if any node can have it from here. */
  OptionalLong size(Digest digest) throws IOException;

  /**
   * Copies a blob into the node's own store. The copy is visible when size and digest are right; if
   * anything fails there is none.
   *
   * @return whether the blob was found
   */
  boolean fetch(Digest digest, BlobStore own) throws IOException;

  /**
   * Makes sure that other nodes can have a blob that this node has; when this returns they can.
   *
   * @throws java.nio.file.NoSuchFileException if the node's own store has not got it
   */
  void publish(Digest digest, BlobStore own) throws IOException;

  /**
   * Looks whether the place can be used, now. Where there is no place but other nodes, there is
   * nothing to look at.
   *
   * @throws StorageException if it cannot
   */
  default void check() throws IOException {}

  /** Ends connections; what is shared stays. */
  @Override
  void close() throws IOException;
}
