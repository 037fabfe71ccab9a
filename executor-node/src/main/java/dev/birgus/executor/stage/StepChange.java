package dev.birgus.executor.stage;

import dev.birgus.executor.layer.LayerContent;
import dev.birgus.infra.contracts.Layer;
import java.io.IOException;

/** What a step has changed. */
interface StepChange {

  /** What its layer is made of. */
  LayerContent content();

  /**
   * Whether it stays as it is while later steps run. What does not is packed before the next step
   * begins.
   */
  boolean lasting();

  /**
   * The stage is over, and this is the layer. What is worth keeping on the node may be kept under
   * its name; the content is not asked for any more.
   */
  void keep(Layer layer) throws IOException;
}
