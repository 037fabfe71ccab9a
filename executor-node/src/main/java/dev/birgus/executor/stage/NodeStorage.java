package dev.birgus.executor.stage;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.Overlays;
import dev.birgus.executor.files.Roots;
import dev.birgus.executor.layer.LayerPacker;
import dev.birgus.executor.layer.LayerStore;

/**
 * What a node keeps and mounts root file systems with.
 *
 * @param layers unpacked layers, on a file system an overlay may be mounted of
 * @param packer makes layers
 * @param overlays mounts them
 * @param roots opens what is mounted
 * @param access what commands are given
 */
public record NodeStorage(
    LayerStore layers, LayerPacker packer, Overlays overlays, Roots roots, NodeAccess access) {

  public NodeStorage {
    requireNonNull(layers, "layers");
    requireNonNull(packer, "packer");
    requireNonNull(overlays, "overlays");
    requireNonNull(roots, "roots");
    requireNonNull(access, "access");
  }
}
