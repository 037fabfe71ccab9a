package dev.birgus.executor.layer;

import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The unpacked layers of a node, by the digest of their tar, in the form an overlay takes as a
 * lower directory. A layer is there whole or not at all; several processes may share the store.
 */
public interface LayerStore {

  /** Where on the node it is. */
  Path place();

  /** The directory of a layer that is unpacked already. */
  Optional<Path> find(Digest diffId) throws IOException;

  /**
   * The directory of a layer, unpacking it first if need be; concurrent calls unpack once.
   *
   * @param blobs gives the compressed bytes, verified
   * @param progress is told the compressed bytes read so far
   */
  Path unpack(Layer layer, BlobReader blobs, Progress progress) throws IOException;

  /**
   * Takes over the upper directory of a finished step as the unpacked form of its layer. The
   * directory is moved: its old path is gone afterwards unless the layer was there already.
   */
  Path adopt(Digest diffId, Path upper) throws IOException;

  /**
   * An empty tree that layers can be put onto, for a root that is no overlay. It is the caller's,
   * and takes nothing from the store but its limits.
   *
   * @param folder an empty one of the caller's
   */
  TreeLayers newTree(Path folder) throws IOException;

  /** Gives the bytes of a layer's blob. */
  interface BlobReader {
    /** A stream that throws before its end if the bytes are not the blob's. */
    java.io.InputStream open(Layer layer) throws IOException;
  }

  /** Is told how far something is. */
  interface Progress {
    /** Bytes so far. */
    void at(long bytes);
  }
}
