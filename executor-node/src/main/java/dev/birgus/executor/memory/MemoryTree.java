package dev.birgus.executor.memory;

import java.time.Instant;
import java.time.InstantSource;

/**
 * What was written over the layers below, as a tree of its own: it becomes a layer, and may be one
 * that others are written over. From then on nothing may be written to it.
 */
public final class MemoryTree {

  private static final InstantSource NO_TIME = InstantSource.fixed(Instant.EPOCH);

  private final Node root = Node.root();

  Node root() {
    return root;
  }

  /** Whether nothing was written. */
  public boolean isEmpty() {
    return root.names().isEmpty();
  }

  /** The tree as a layer that others are over. */
  public Entry asLayer() {
    return root;
  }

  /**
   * The tree with its marks, nothing being written to it any more. Small files are read ahead for
   * who goes through all of it, parents first and names in the order of their bytes.
   */
  public MemoryFiles sealed() {
    return MemoryFiles.sealed(root);
  }

  /**
   * The tree with its marks, as an overlay's upper directory would have it, to be filled or packed.
   *
   * @param contents takes the bytes of files that are made
   */
  public MemoryFiles raw(NewContent contents) {
    return MemoryFiles.of(root, contents, NO_TIME);
  }
}
