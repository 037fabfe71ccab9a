package dev.birgus.executor.stage;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.OverlayMount;
import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Roots that are overlays of unpacked layers. Every step writes to an upper directory of its own,
 * which is sealed when the step is done, and packed while the next one already runs on top of it.
 */
final class OverlayStageRoots implements StageRoots {

  private final NodeStorage storage;
  private final LayerFetcher layers;

  OverlayStageRoots(NodeStorage storage, LayerFetcher layers) {
    this.storage = requireNonNull(storage, "storage");
    this.layers = requireNonNull(layers, "layers");
  }

  @Override
  public StageRoot open(StageReady job, StageListener listener, WorkDirectory folder)
      throws IOException, InterruptedException {
    var base = layers.fetch(Inputs.layers(job), listener);
    return new LayerStack(storage, folder, base);
  }

  @Override
  public SourceRoot openSource(
      List<Layer> layers, boolean writable, StageListener listener, WorkDirectory folder)
      throws IOException, InterruptedException {
    var lower = new ArrayList<Path>();
    // The kernel wants two directories where none can be written to.
    lower.add(folder.make("nothing"));
    lower.addAll(this.layers.fetch(layers, listener));
    var work = folder.makeNew("source-");
    var overlays = storage.overlays();
    var mount =
        writable ? overlays.mount(lower, work.path()) : overlays.mountReadOnly(lower, work.path());
    try {
      return new MountedSource(
          mount, storage.roots().open(mount.merged()), () -> folder.remove(work));
    } catch (IOException | RuntimeException failed) {
      mount.close();
      throw failed;
    }
  }

  /** Removes a folder. */
  private interface Removal {
    void run() throws IOException;
  }

  private record MountedSource(OverlayMount mount, FileSystem files, Removal removal)
      implements SourceRoot {
    @Override
    public void close() throws IOException {
      files.close();
      mount.close();
      removal.run();
    }
  }
}
