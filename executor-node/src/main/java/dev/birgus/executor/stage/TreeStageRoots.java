package dev.birgus.executor.stage;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.executor.layer.TreeClone;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Roots that are trees of files, for nodes where nothing can be mounted. Layers are put onto each
 * other straight from their blobs; what a step has changed is found by looking at all files again.
 */
final class TreeStageRoots implements StageRoots {

  private static final String COPY = "tree";

  private final NodeStorage storage;
  private final LayerFetcher layers;
  private final WorkDirectory work;
  private final SharedTrees shared;

  /**
   * Makes roots.
   *
   * @param work of the node: trees outlive the stages that made them
   */
  TreeStageRoots(NodeStorage storage, LayerFetcher layers, WorkDirectory work) {
    this.storage = requireNonNull(storage, "storage");
    this.layers = requireNonNull(layers, "layers");
    this.work = requireNonNull(work, "work");
    this.shared = new SharedTrees(work);
  }

  @Override
  public StageRoot open(StageReady job, StageListener listener, WorkDirectory folder)
      throws IOException, InterruptedException {
    var base = Inputs.layers(job);
    var place = work.makeNew("root-");
    try {
      var tree = make(base, place.path(), listener);
      return new TreeStageRoot(new TreeStageRoot.Tree(storage, shared, place, tree), base);
    } catch (IOException | InterruptedException | RuntimeException failed) {
      work.remove(place);
      throw failed;
    }
  }

  /** A tree to write to: copied if there is one of these layers, else put together. */
  private Path make(List<Layer> wanted, Path folder, StageListener listener)
      throws IOException, InterruptedException {
    var there = shared.find(wanted);
    if (there.isEmpty()) {
      return unpack(wanted, folder, listener);
    }
    try (var source = there.get()) {
      var copy = new WorkDirectory(folder).make(COPY);
      TreeClone.copy(source.path(), copy);
      return copy;
    }
  }

  private Path unpack(List<Layer> wanted, Path folder, StageListener listener)
      throws IOException, InterruptedException {
    var tree = storage.layers().newTree(folder);
    layers.fetchOnto(tree, wanted, listener);
    return tree.tree();
  }

  @Override
  public SourceRoot openSource(
      List<Layer> layers, boolean writable, StageListener listener, WorkDirectory folder)
      throws IOException, InterruptedException {
    if (writable) {
      var place = folder.makeNew("source-");
      var tree = make(layers, place.path(), listener);
      return new OpenSource(storage.roots().open(tree), () -> folder.remove(place));
    }
    var use = shared.use(layers, place -> unpack(layers, place, listener));
    try {
      return new OpenSource(storage.roots().open(use.path()), use::close);
    } catch (IOException | RuntimeException failed) {
      use.close();
      throw failed;
    }
  }

  /** Removes trees nobody uses. */
  @Override
  public void close() throws IOException {
    shared.clear();
  }

  /** Gives something back. */
  private interface Release {
    void run() throws IOException;
  }

  private record OpenSource(FileSystem files, Release release) implements SourceRoot {
    @Override
    public void close() throws IOException {
      files.close();
      release.run();
    }
  }
}
