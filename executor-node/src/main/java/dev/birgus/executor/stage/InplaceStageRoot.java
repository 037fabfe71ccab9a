package dev.birgus.executor.stage;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.KeptFileSystem;
import dev.birgus.executor.files.KeptPlaces;
import dev.birgus.executor.layer.TreeSnapshot;
import dev.birgus.executor.run.InplaceGuard;
import dev.birgus.executor.run.Mount;
import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The node's own root while it is a stage's; what each step has changed is found by comparing. */
final class InplaceStageRoot implements StageRoot {

  private final Place place;
  private final Runnable release;
  private TreeSnapshot before;

  /**
   * A root that has been filled.
   *
   * @param kept of it is no part of the stage
   */
  record Place(NodeStorage storage, Path root, KeptPlaces kept, InplaceGuard guard) {}

  /**
   * Looks at the root.
   *
   * @param release lets the next stage have it
   */
  InplaceStageRoot(Place place, Runnable release) throws IOException {
    this.place = place;
    this.release = release;
    this.before = TreeSnapshot.of(place.root(), place.kept());
  }

  @Override
  public Workspace begin(List<Step> steps, List<Mount> mounts)
      throws IOException, InterruptedException {
    before.settle();
    var files = place.storage().roots().open(place.root());
    try {
      for (var step : steps) {
        if (step.operation().isPresent()) {
          refuseKept(files, step);
        }
      }
      var written = new KeptFileSystem(files, place.kept());
      return new Work(written, OwnPlaces.of(files, steps, mounts));
    } catch (IOException | RuntimeException failed) {
      files.close();
      throw failed;
    }
  }

  /** What would be written there would be lost to the image, and could be what a build reads. */
  private void refuseKept(FileSystem files, Step step) throws IOException {
    var target =
        switch (step.operation().orElseThrow()) {
          case Operation.Run run -> run.workingDirectory();
          case Operation.Copy(FileTransfer transfer) -> transfer.destination();
          case Operation.Add(FileTransfer transfer) -> transfer.destination();
          case Operation.MakeDirectory made -> made.path();
        };
    if (target.startsWith("/") && place.kept().keeps(files.resolve(target))) {
      throw KeptFileSystem.refusal(target).in(step.at()).toException();
    }
  }

  @Override
  public void close() {
    release.run();
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
      place.guard().checkMounts(place.kept());
      var difference = before.compare(place.root(), own);
      before = difference.now();
      return difference.changes().isEmpty()
          ? Optional.empty()
          // There is the blob: the root is not kept for later stages.
          : Optional.of(new TreeChange(place.root(), difference.changes(), _ -> {}));
    }

    @Override
    public void close() throws IOException {
      files.close();
    }
  }
}
