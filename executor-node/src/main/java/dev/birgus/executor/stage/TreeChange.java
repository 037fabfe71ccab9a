package dev.birgus.executor.stage;

import dev.birgus.executor.layer.LayerContent;
import dev.birgus.executor.layer.TreeContent;
import dev.birgus.executor.snapshot.TreeChanges;
import dev.birgus.infra.contracts.Layer;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What a step has changed in a tree.
 *
 * @param keeper is given the layer when the stage is over
 */
record TreeChange(Path tree, TreeChanges paths, Consumer<Layer> keeper) implements StepChange {

  @Override
  public LayerContent content() {
    return new TreeContent(tree, paths);
  }

  /** The next step writes to the same tree. */
  @Override
  public boolean lasting() {
    return false;
  }

  @Override
  public void keep(Layer layer) {
    keeper.accept(layer);
  }
}
