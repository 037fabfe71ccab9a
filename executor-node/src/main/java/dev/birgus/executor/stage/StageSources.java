package dev.birgus.executor.stage;

import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.executor.operation.ContextTree;
import dev.birgus.executor.operation.FileSources;
import dev.birgus.executor.operation.RootTree;
import dev.birgus.executor.operation.SourceTree;
import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.contracts.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The contexts, stages and images a stage copies from; roots are mounted read-only. */
final class StageSources implements FileSources {

  private final StageReady job;
  private final ContextStore contexts;
  private final NodeStorage storage;
  private final LayerFetcher fetcher;
  private final StageListener listener;
  private final WorkDirectory work;

  StageSources(
      StageReady job,
      ContextStore contexts,
      NodeStorage storage,
      LayerFetcher fetcher,
      StageListener listener,
      WorkDirectory work) {
    this.job = job;
    this.contexts = contexts;
    this.storage = storage;
    this.fetcher = fetcher;
    this.listener = listener;
    this.work = work;
  }

  @Override
  public SourceTree open(FileTransfer transfer) throws IOException, InterruptedException {
    return switch (transfer.from()) {
      case FileOrigin.Context(var context) ->
          ContextTree.open(contexts.open(context), storage.roots(), transfer.sources());
      case FileOrigin.FromStage(var stage) -> mount(Inputs.of(job, stage).layers());
      case FileOrigin.FromImage(var image) -> mount(image.layers());
    };
  }

  private SourceTree mount(List<Layer> layers) throws IOException, InterruptedException {
    var lower = new ArrayList<Path>();
    // The kernel wants two directories where none can be written to.
    lower.add(work.make("nothing"));
    lower.addAll(fetcher.fetch(layers, listener));
    var mount = storage.overlays().mountReadOnly(lower, work.makeNew("source-").path());
    try {
      return new RootTree(storage.roots().open(mount.merged()), mount::close);
    } catch (IOException | RuntimeException failed) {
      mount.close();
      throw failed;
    }
  }
}
