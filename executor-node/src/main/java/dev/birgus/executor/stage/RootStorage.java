package dev.birgus.executor.stage;

/** How a node keeps the root file systems of stages. */
public enum RootStorage {
  /** Overlays where they can be mounted, else trees. */
  AUTO,
  /** Overlays of unpacked layers, each unpacked once for the node. */
  OVERLAY,
  /** A tree of files for each stage. */
  TREE
}
