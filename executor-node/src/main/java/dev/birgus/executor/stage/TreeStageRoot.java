package dev.birgus.executor.stage;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.LeftoverMounts;
import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.executor.layer.TreeSnapshot;
import dev.birgus.executor.run.Mount;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One tree that all steps of a stage work in; what each has changed is found by comparing. */
final class TreeStageRoot implements StageRoot {

  private final Tree tree;
  private final List<Layer> layers;
  private TreeSnapshot before;

  /** Whether the tree is what its layers say: nothing has been written to it since. */
  private boolean clean = true;

  private int changes;
  private int kept;

  /**
   * The tree of a stage.
   *
   * @param shared is given the tree when the stage is over
   * @param place of its own in the node's work folder
   * @param path of the tree in there
   */
  record Tree(NodeStorage storage, SharedTrees shared, WorkDirectory place, Path path) {}

  TreeStageRoot(Tree tree, List<Layer> base) throws IOException {
    this.tree = tree;
    this.layers = new ArrayList<>(base);
    this.before = TreeSnapshot.of(tree.path());
  }

  @Override
  public Workspace begin(List<Step> steps, List<Mount> mounts)
      throws IOException, InterruptedException {
    before.settle();
    var files = tree.storage().roots().open(tree.path());
    try {
      var workspace = new Work(files, OwnPlaces.of(files, steps, mounts));
      clean = false;
      return workspace;
    } catch (IOException | RuntimeException failed) {
      files.close();
      throw failed;
    }
  }

  /** A tree that all steps have gone through well is of use to stages that are built on this. */
  @Override
  public void close() throws IOException {
    if (clean && kept == changes) {
      tree.shared().give(layers, tree.place(), tree.path());
    } else {
      tree.shared().remove(tree.place());
    }
  }

  private final class Work implements Workspace {
    private final FileSystem files;
    private final OwnPlaces own;

    Work(FileSystem files, OwnPlaces own) {
      this.files = files;
      this.own = own;
    }

    @Override
    public FileSystem files() {
      return files;
    }

    @Override
    public Optional<StepChange> end() throws IOException {
      // What a command has mounted is no part of the tree, and must not be looked at or removed.
      LeftoverMounts.unmountBelow(tree.path());
      var difference = before.compare(tree.path(), own);
      before = difference.now();
      clean = true;
      if (difference.changes().isEmpty()) {
        return Optional.empty();
      }
      changes++;
      return Optional.of(
          new TreeChange(tree.path(), difference.changes(), TreeStageRoot.this::keep));
    }

    @Override
    public void close() throws IOException {
      files.close();
    }
  }

  private void keep(Layer layer) {
    layers.add(layer);
    kept++;
  }
}
