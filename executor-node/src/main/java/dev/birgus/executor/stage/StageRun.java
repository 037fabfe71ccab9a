package dev.birgus.executor.stage;

import dev.birgus.executor.files.FullDisk;
import dev.birgus.executor.operation.FileSources;
import dev.birgus.executor.operation.OperationRunner;
import dev.birgus.executor.operation.RunResources;
import dev.birgus.executor.operation.StepRoot;
import dev.birgus.infra.blobs.DiskSpace;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.contracts.Step;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One run of one stage. */
final class StageRun implements AutoCloseable {

  private final StageReady job;
  private final StageListener listener;
  private final InstantSource clock;
  private final OperationRunner<Operation> operations;
  private final MountSources mountSources;
  private final StageLayers layers;
  private final StageHistory history;

  StageRun(
      StageReady job,
      StageListener listener,
      InstantSource clock,
      OperationRunner<Operation> operations,
      MountSources mountSources) {
    this.job = job;
    this.listener = listener;
    this.clock = clock;
    this.operations = operations;
    this.mountSources = mountSources;
    this.layers = new StageLayers(job, listener, mountSources.storage());
    this.history = new StageHistory(job);
  }

  /** The result of a stage whose steps change nothing but the configuration. */
  static StageResult ofConfiguration(StageReady job, StageListener listener, InstantSource clock) {
    var history = new StageHistory(job);
    var steps = job.stage().steps();
    for (var i = 0; i < steps.size(); i++) {
      listener.stepStarted(i);
      history.add(steps.get(i), time(job, clock));
      listener.stepFinished(i, Duration.ZERO);
    }
    return new StageResult(Inputs.layers(job), history.entries(List.of()));
  }

  StageResult run(StageRoot root, FileSources sources) throws IOException, InterruptedException {
    if (job.options().singleLayer()) {
      runInOneLayer(root, sources);
    } else {
      runInLayers(root, sources);
    }
    return layers.result(history);
  }

  private void runInLayers(StageRoot root, FileSources sources)
      throws IOException, InterruptedException {
    var steps = job.stage().steps();
    for (var i = 0; i < steps.size(); i++) {
      var step = steps.get(i);
      var begun = begin(i);
      if (step.operation().isPresent()) {
        perform(i, step, root, sources);
      }
      end(i, step, begun);
    }
  }

  /** All steps work in one workspace, and the last one that can gets the layer. */
  private void runInOneLayer(StageRoot root, FileSources sources)
      throws IOException, InterruptedException {
    var steps = job.stage().steps();
    var last = 0;
    try (var workspace = root.begin(steps, List.of())) {
      for (var i = 0; i < steps.size(); i++) {
        var step = steps.get(i);
        var begun = begin(i);
        if (step.operation().isPresent()) {
          try (var mounted = mounted(step)) {
            perform(i, step, new Place(workspace, sources, mounted.resources()));
          }
          last = i;
        }
        end(i, step, begun);
      }
      seal(last, workspace);
    }
  }

  /** Performs a step in a workspace of its own. */
  private void perform(int index, Step step, StageRoot root, FileSources sources)
      throws IOException, InterruptedException {
    try (var mounted = mounted(step);
        var workspace = root.begin(List.of(step), mounted.resources().mounts())) {
      perform(index, step, new Place(workspace, sources, mounted.resources()));
      seal(index, workspace);
    }
  }

  private void seal(int step, Workspace workspace) throws IOException, InterruptedException {
    var change = workspace.end();
    if (change.isPresent()) {
      layers.seal(step, change.get());
    }
  }

  /** What a step is given. */
  private record Place(Workspace workspace, FileSources sources, RunResources resources) {}

  private StepMounts mounted(Step step) throws IOException, InterruptedException {
    try {
      return step.operation().orElseThrow() instanceof Operation.Run run
          ? StepMounts.open(run, mountSources, job.options().grants())
          : StepMounts.none(mountSources);
    } catch (FailureException failed) {
      throw failed.failure().in(step.at()).toException(failed);
    } catch (FileSystemException failed) {
      throw failure(failed).in(step.at()).toException(failed);
    }
  }

  private Instant begin(int index) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("cancelled between two steps");
    }
    listener.stepStarted(index);
    return clock.instant();
  }

  private void end(int index, Step step, Instant begun) {
    history.add(step, time(job, clock));
    listener.stepFinished(index, Duration.between(begun, clock.instant()));
  }

  private void perform(int index, Step step, Place place) throws IOException, InterruptedException {
    var output = new TextDecoder();
    var errors = new TextDecoder();
    try {
      var root =
          new StepRoot(
              place.workspace().files(),
              place.sources(),
              nanoseconds(time(job, clock)),
              (error, bytes) -> print(index, error, (error ? errors : output).decode(bytes)),
              place.resources());
      try {
        operations.run(step.operation().orElseThrow(), root);
      } finally {
        print(index, false, output.finish());
        print(index, true, errors.finish());
      }
    } catch (FailureException failed) {
      var told = FullDisk.explained(failed, layers.storage().layers().place());
      throw told.failure().in(step.at()).toException(told);
    } catch (FileSystemException failed) {
      throw failure(failed).in(step.at()).toException(failed);
    }
  }

  private void print(int index, boolean error, String text) {
    if (!text.isEmpty()) {
      listener.printed(index, error, text);
    }
  }

  private Failure failure(FileSystemException failed) {
    var reason = failed.getReason();
    var kind = failed.getClass().getSimpleName();
    var what = String.valueOf(failed.getFile());
    var full = DiskSpace.failure(what, layers.storage().layers().place(), failed);
    if (full.isPresent()) {
      return full.get();
    }
    return Failure.of(
        "files-failed",
        failed.getFile() + ": " + (reason == null ? kind : reason),
        "check the path, and that there is space left");
  }

  private static Instant time(StageReady job, InstantSource clock) {
    return job.options().timestamp().orElseGet(clock::instant);
  }

  private static long nanoseconds(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }

  @Override
  public void close() {
    layers.close();
  }
}
