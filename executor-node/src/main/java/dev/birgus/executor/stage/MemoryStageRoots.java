package dev.birgus.executor.stage;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.executor.layer.LayerContent;
import dev.birgus.executor.layer.MemoryContent;
import dev.birgus.executor.memory.Entry;
import dev.birgus.executor.memory.MemoryFiles;
import dev.birgus.executor.memory.MemoryTree;
import dev.birgus.executor.memory.Spill;
import dev.birgus.executor.run.Mount;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.Step;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Roots of stages that run nothing. They are held in memory: of the base there is an index, nothing
 * is unpacked, and what is copied is read when its layer is packed, straight from where it is.
 */
final class MemoryStageRoots {

  private final BaseEntries bases;
  private final InstantSource clock;

  MemoryStageRoots(BaseEntries bases, InstantSource clock) {
    this.bases = requireNonNull(bases, "bases");
    this.clock = requireNonNull(clock, "clock");
  }

  /** Whether a stage can do with such a root. */
  static boolean suit(StageReady job) {
    return job.stage().steps().stream().noneMatch(MemoryStageRoots::runs);
  }

  private static boolean runs(Step step) {
    return step.operation().orElse(null) instanceof Operation.Run;
  }

  /**
   * The root of a stage as its base has it.
   *
   * @param folder of the stage, removed when the root has been closed
   */
  StageRoot open(StageReady job, StageListener listener, WorkDirectory folder)
      throws IOException, InterruptedException {
    var base = bases.open(Inputs.layers(job), listener);
    return new Root(base, new Spill(folder.path().resolve("spill")), clock);
  }

  /** All that steps have changed is above the base, the last first. */
  private static final class Root implements StageRoot {

    private final BaseEntries.Base base;
    private final Spill spill;
    private final InstantSource clock;
    private final List<Entry> lower;

    Root(BaseEntries.Base base, Spill spill, InstantSource clock) {
      this.base = base;
      this.spill = spill;
      this.clock = clock;
      this.lower = new ArrayList<>(base.highestFirst());
    }

    @Override
    public Workspace begin(List<Step> steps, List<Mount> mounts) {
      var tree = new MemoryTree();
      return new Space(this, tree, MemoryFiles.over(tree, lower, spill, clock));
    }

    @Override
    public void close() throws IOException {
      try (spill) {
        base.close();
      }
    }
  }

  private record Space(Root root, MemoryTree tree, FileSystem files) implements Workspace {
    @Override
    public Optional<StepChange> end() {
      if (tree.isEmpty()) {
        return Optional.empty();
      }
      root.lower.addFirst(tree.asLayer());
      return Optional.of(new Change(tree));
    }

    @Override
    public void close() {
      // Memory is given back by itself.
    }
  }

  private record Change(MemoryTree tree) implements StepChange {
    @Override
    public LayerContent content() {
      return new MemoryContent(tree);
    }

    @Override
    public boolean lasting() {
      return true;
    }

    @Override
    public void keep(Layer layer) {
      // There is the blob, and nothing was unpacked.
    }
  }
}
