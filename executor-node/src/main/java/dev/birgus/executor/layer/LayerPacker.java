package dev.birgus.executor.layer;

import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Layer;
import java.io.IOException;
import java.util.Optional;

/** Makes layers of what steps have changed. */
public interface LayerPacker {

  /**
   * Packs content into the blob store in one pass.
   *
   * @return empty if there is nothing in it that is not ignored
   */
  Optional<Layer> pack(LayerContent content, BuildOptions options, LayerStore.Progress progress)
      throws IOException;
}
