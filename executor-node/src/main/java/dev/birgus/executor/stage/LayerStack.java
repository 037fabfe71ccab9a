package dev.birgus.executor.stage;

import dev.birgus.executor.files.OverlayMount;
import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.executor.run.Mount;
import dev.birgus.executor.run.RunSkeleton;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The directories a stage's root is made of: those of its base, and the sealed ones of its steps.
 */
final class LayerStack {

  private final NodeStorage storage;
  private final WorkDirectory work;
  private final List<Path> lower = new ArrayList<>();
  private int mounts;

  LayerStack(NodeStorage storage, WorkDirectory work, List<Path> base) throws IOException {
    this.storage = storage;
    this.work = work;
    lower.add(work.make("empty"));
    lower.addAll(base);
  }

  /** Mounts a root for these steps, with a new upper directory on all that is sealed. */
  OverlayMount mount(List<Step> steps) throws IOException {
    return mount(steps, List.of());
  }

  /**
   * Mounts a root for these steps. The places of mounts are below everything else, so that making
   * them changes nothing of the image.
   */
  OverlayMount mount(List<Step> steps, List<Mount> mounts) throws IOException {
    var stack = new ArrayList<Path>();
    if (!mounts.isEmpty()) {
      stack.add(RunSkeleton.make(work.make("skeleton-" + this.mounts), mounts));
    } else if (steps.stream().anyMatch(LayerStack::runs)) {
      stack.add(RunSkeleton.make(work.make("skeleton")));
    }
    stack.addAll(lower);
    return storage.overlays().mount(stack, work.make("step-" + this.mounts++));
  }

  /** Puts a finished upper directory on the stack. Nothing is written to it from now on. */
  void seal(Path upper) {
    lower.add(upper);
  }

  private static boolean runs(Step step) {
    return step.operation().orElse(null) instanceof Operation.Run;
  }
}
