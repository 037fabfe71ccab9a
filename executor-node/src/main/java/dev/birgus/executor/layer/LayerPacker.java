package dev.birgus.executor.layer;

import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Layer;
import java.io.IOException;

/** Makes layers of what steps have changed. */
public interface LayerPacker {

  /** Packs content into the blob store in one pass. */
  Layer pack(LayerContent content, BuildOptions options, LayerStore.Progress progress)
      throws IOException;
}
