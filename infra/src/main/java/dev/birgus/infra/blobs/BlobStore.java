package dev.birgus.infra.blobs;

import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;

/** Bytes by the digest of their content. A blob is there whole, or not at all. */
public interface BlobStore {

  /** The size of the blob, in bytes, if the store has it. */
  OptionalLong size(Digest digest) throws IOException;

  /**
   * Reads a blob. The stream is not verified again: what is in the store was verified going in.
   *
   * @throws java.nio.file.NoSuchFileException if the store has not got it
   */
  InputStream open(Digest digest) throws IOException;

  /** Begins a blob of which the digest need not be known yet. */
  BlobWriter create() throws IOException;

  /**
   * Begins a blob that can be had again where it comes from, for instance from a registry: a store
   * that shares its blobs with other nodes may keep it to this one.
   */
  default BlobWriter createCopy() throws IOException {
    return create();
  }

  /** A blob being written. Closing it without {@link #commit} leaves no trace. */
  abstract class BlobWriter extends OutputStream {

    /**
     * Makes the blob visible under the digest of what was written.
     *
     * @return that digest
     */
    public abstract Digest commit() throws IOException;

    /**
     * Makes the blob visible if it is what was expected.
     *
     * @throws DigestMismatchException if size or digest differ; nothing becomes visible
     */
    public abstract void commit(Digest expected, long size) throws IOException;
  }
}
