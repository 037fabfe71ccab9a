package dev.birgus.executor.stage;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.fetch.RemoteFetcher;
import dev.birgus.executor.files.Privileges;
import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.executor.operation.OperationRunner;
import dev.birgus.executor.run.InplaceGuard;
import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.blobs.DiskSpace;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.StageResult;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Runs stages on this machine, in roots the node can have: {@link StageRoots}. A stage that runs no
 * command has a root in memory; one that only changes configuration has none.
 */
public final class LocalStageExecutor implements StageExecutor, AutoCloseable {

  private final NodeStorage storage;
  private final Sources sources;
  private final StorageChoice choice;
  private final OverlayStageRoots overlays;
  private final TreeStageRoots trees;
  private final Optional<InplaceStageRoots> inplace;
  private final MemoryStageRoots memory;
  private final OperationRunner<Operation> operations;
  private final InstantSource clock;
  private final WorkDirectory work;

  /**
   * Where the files of stages come from.
   *
   * @param contexts the files of builds
   * @param layers of stages and images
   * @param remote what is somewhere else
   */
  public record Sources(ContextStore contexts, LayerFetcher layers, RemoteFetcher remote) {
    public Sources {
      requireNonNull(contexts, "contexts");
      requireNonNull(layers, "layers");
      requireNonNull(remote, "remote");
    }
  }

  /**
   * An executor.
   *
   * @param work an existing folder for what stages need while they run; on the file system of the
   *     layer store
   */
  public LocalStageExecutor(
      NodeStorage storage,
      Sources sources,
      OperationRunner<Operation> operations,
      InstantSource clock,
      Path work) {
    this(
        storage,
        sources,
        operations,
        clock,
        work,
        new StorageChoice(RootStorage.AUTO, storage.overlays(), work, _ -> {}),
        Optional.empty());
  }

  /**
   * An executor that keeps roots as it is told.
   *
   * @param work as above
   * @param inplace set if commands are run in the node's own root
   */
  public LocalStageExecutor(
      NodeStorage storage,
      Sources sources,
      OperationRunner<Operation> operations,
      InstantSource clock,
      Path work,
      StorageChoice choice,
      Optional<InplaceGuard> inplace) {
    this.storage = requireNonNull(storage, "storage");
    this.sources = requireNonNull(sources, "sources");
    this.memory = new MemoryStageRoots(new BaseEntries(sources.layers(), storage.roots()), clock);
    this.operations = requireNonNull(operations, "operations");
    this.clock = requireNonNull(clock, "clock");
    this.work = new WorkDirectory(work);
    this.choice = requireNonNull(choice, "choice");
    this.overlays = new OverlayStageRoots(storage, sources.layers());
    this.trees = new TreeStageRoots(storage, sources.layers(), this.work);
    this.inplace = inplace.map(guard -> new InplaceStageRoots(storage, trees, guard, Path.of("/")));
  }

  @Override
  public StageResult execute(StageReady job, StageListener listener)
      throws IOException, InterruptedException {
    var steps = job.stage().steps();
    if (steps.stream().allMatch(step -> step.operation().isEmpty())) {
      return StageRun.ofConfiguration(job, listener, clock);
    }
    try {
      if (MemoryStageRoots.suit(job) && !StageSources.needRoots(job)) {
        return executeCopies(job, listener, overlays);
      }
      var decided = inplace.isPresent() ? RootStorage.TREE : choice.decide().storage();
      refuseWithoutPrivileges(job, decided);
      var roots = decided == RootStorage.TREE ? trees : overlays;
      return MemoryStageRoots.suit(job)
          ? executeCopies(job, listener, roots)
          : executeSteps(job, listener, inplace.<StageRoots>map(each -> each).orElse(roots));
    } catch (FileSystemException failed) {
      // Outside of steps only our own files are written: base layers, and folders to mount.
      var what = "stage " + job.stage().name() + ", which writes " + failed.getFile();
      var full = DiskSpace.failure(what, storage.layers().place(), failed);
      throw full.<IOException>map(failure -> new StorageException(failure, failed)).orElse(failed);
    }
  }

  /**
   * Executes a stage that runs nothing.
   *
   * @param roots of what is copied from
   */
  private StageResult executeCopies(StageReady job, StageListener listener, StageRoots roots)
      throws IOException, InterruptedException {
    var folder = work.makeNew("stage-");
    try {
      var mounts = new MountSources(job, sources, storage, roots, listener, folder);
      try (var files =
              new KeptSources(new StageSources(job, sources, storage, roots, listener, folder));
          var root = memory.open(job, listener, folder);
          var run = new StageRun(job, listener, clock, operations, mounts)) {
        return run.run(root, files);
      }
    } finally {
      work.remove(folder);
    }
  }

  private StageResult executeSteps(StageReady job, StageListener listener, StageRoots roots)
      throws IOException, InterruptedException {
    var folder = work.makeNew("stage-");
    try {
      var files = new StageSources(job, sources, storage, roots, listener, folder);
      var mounts = new MountSources(job, sources, storage, roots, listener, folder);
      try (var root = roots.open(job, listener, folder);
          var run = new StageRun(job, listener, clock, operations, mounts)) {
        return run.run(root, files);
      }
    } finally {
      // Mounts are undone by those who made them; what is left are files of any kind and owner.
      work.remove(folder);
    }
  }

  /**
   * Better said before a base image is downloaded than by the first system call that is refused.
   */
  private static void refuseWithoutPrivileges(StageReady job, RootStorage storage)
      throws IOException {
    var privileges = Privileges.ofThisProcess();
    var missing = privileges.missing(storage != RootStorage.TREE);
    if (!missing.isEmpty()) {
      throw Failure.of(
              "privileges-missing",
              "stage "
                  + job.stage().name()
                  + " changes files, for which this process, of user "
                  + privileges.user()
                  + ", lacks the capabilities "
                  + String.join(", ", missing),
              "Run birgus as root, in a container with the capabilities containers have by default;"
                  + " CAP_SYS_ADMIN is needed by --storage=overlay only.")
          .toException();
    }
  }

  /** Removes what is kept for later stages; none runs any more. */
  @Override
  public void close() throws IOException {
    trees.close();
  }
}
