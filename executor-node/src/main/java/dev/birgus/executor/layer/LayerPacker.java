package dev.birgus.executor.layer;

import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Makes the layer of what an overlay's upper directory holds. */
public interface LayerPacker {

  /**
   * Packs a tree into the blob store in one pass.
   *
   * @param upper an upper directory nothing writes to any more
   * @return empty if the directory holds nothing that is not ignored
   */
  Optional<Layer> pack(Path upper, BuildOptions options, LayerStore.Progress progress)
      throws IOException;
}
