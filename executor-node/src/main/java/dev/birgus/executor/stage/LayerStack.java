package dev.birgus.executor.stage;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.OverlayMount;
import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.executor.layer.LayerContent;
import dev.birgus.executor.layer.UpperContent;
import dev.birgus.executor.run.Mount;
import dev.birgus.executor.run.RunSkeleton;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The directories a stage's root is made of: those of its base, and the sealed ones of its steps.
 */
final class LayerStack implements StageRoot {

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

  /**
   * {@inheritDoc} The root has a new upper directory on all that is sealed. The places of mounts
   * are below everything else, so that making them changes nothing of the image.
   */
  @Override
  public Workspace begin(List<Step> steps, List<Mount> mounts) throws IOException {
    var stack = new ArrayList<Path>();
    if (!mounts.isEmpty()) {
      stack.add(RunSkeleton.make(work.make("skeleton-" + this.mounts), mounts));
    } else if (steps.stream().anyMatch(LayerStack::runs)) {
      stack.add(RunSkeleton.make(work.make("skeleton")));
    }
    stack.addAll(lower);
    var mount = storage.overlays().mount(stack, work.make("step-" + this.mounts++));
    try {
      return new Mounted(mount, storage.roots().open(mount.merged()));
    } catch (IOException | RuntimeException failed) {
      mount.close();
      throw failed;
    }
  }

  private static boolean runs(Step step) {
    return step.operation().orElse(null) instanceof Operation.Run;
  }

  @Override
  public void close() {
    // Mounts are undone by those who made them.
  }

  private final class Mounted implements Workspace {
    private final OverlayMount mount;
    private final FileSystem files;

    Mounted(OverlayMount mount, FileSystem files) {
      this.mount = mount;
      this.files = files;
    }

    @Override
    public FileSystem files() {
      return files;
    }

    /** Unmounts, and puts the upper directory on the stack: nothing is written to it any more. */
    @Override
    public Optional<StepChange> end() throws IOException {
      close();
      var upper = mount.upper();
      try (var written = storage.roots().open(upper)) {
        if (written.list("/").isEmpty()) {
          return Optional.empty();
        }
      }
      var sealed = new SealedUpper(upper, UpperContent.on(lower, upper));
      lower.add(upper);
      return Optional.of(sealed);
    }

    @Override
    public void close() throws IOException {
      try (mount) {
        files.close();
      }
    }
  }

  private final class SealedUpper implements StepChange {
    private final Path upper;
    private final UpperContent content;

    SealedUpper(Path upper, UpperContent content) {
      this.upper = upper;
      this.content = content;
    }

    @Override
    public LayerContent content() {
      return content;
    }

    @Override
    public boolean lasting() {
      return true;
    }

    /** The directory becomes part of the node's layer store, if it is what the layer holds. */
    @Override
    public void keep(Layer layer) throws IOException {
      if (content.makeTheLayer()) {
        storage.layers().adopt(layer.diffId(), upper);
      }
    }
  }
}
