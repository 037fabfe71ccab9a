package dev.birgus.executor.stage;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.KeptPlaces;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.executor.layer.TreeClone;
import dev.birgus.executor.run.InplaceGuard;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Layer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * The node's own root, for one stage after another: emptied of all that need not stay, and filled
 * with what the stage begins with. Where files are only copied from, trees of their own are used.
 */
final class InplaceStageRoots implements StageRoots {

  private final NodeStorage storage;
  private final StageRoots trees;
  private final InplaceGuard guard;
  private final Path root;
  private final Semaphore free = new Semaphore(1, true);

  /**
   * Makes roots.
   *
   * @param trees what the root is filled from
   * @param root {@code /}
   */
  InplaceStageRoots(NodeStorage storage, StageRoots trees, InplaceGuard guard, Path root) {
    this.storage = requireNonNull(storage, "storage");
    this.trees = requireNonNull(trees, "trees");
    this.guard = requireNonNull(guard, "guard");
    this.root = requireNonNull(root, "root");
  }

  @Override
  public StageRoot open(StageReady job, StageListener listener, WorkDirectory folder)
      throws IOException, InterruptedException {
    free.acquire();
    try {
      guard.allow();
      try (var base = trees.openSource(Inputs.layers(job), false, listener, folder)) {
        var kept = guard.allow();
        empty(root, kept);
        TreeClone.copy(base.files().root(), root, kept);
        return new InplaceStageRoot(
            new InplaceStageRoot.Place(storage, root, kept, guard), free::release);
      }
    } catch (IOException | InterruptedException | RuntimeException failed) {
      free.release();
      throw failed;
    }
  }

  /** Removes all that is not kept and leads to nothing that is. */
  static void empty(Path root, KeptPlaces kept) throws IOException {
    try (var files = LinuxFileSystem.open(root)) {
      empty(files, "", kept);
    }
  }

  private static void empty(LinuxFileSystem files, String directory, KeptPlaces kept)
      throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while emptying the root");
    }
    for (var name : files.list(directory.isEmpty() ? "/" : directory)) {
      var path = directory + "/" + name;
      if (kept.keeps(path)) {
        continue;
      }
      var kind = files.status(path).map(FileStatus::kind);
      if (kept.leadsTo(path) && kind.equals(Optional.of(Kind.DIRECTORY))) {
        empty(files, path, kept);
      } else {
        files.remove(path);
      }
    }
  }

  @Override
  public SourceRoot openSource(
      List<Layer> layers, boolean writable, StageListener listener, WorkDirectory folder)
      throws IOException, InterruptedException {
    return trees.openSource(layers, writable, listener, folder);
  }
}
