package dev.birgus.executor.stage;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.executor.operation.ContextTree;
import dev.birgus.executor.operation.FileSources;
import dev.birgus.executor.operation.RootTree;
import dev.birgus.executor.operation.SourceTree;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.TransferSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The contexts, stages and images a stage copies from; roots are read only. */
final class StageSources implements FileSources {

  private final StageReady job;
  private final LocalStageExecutor.Sources doors;
  private final NodeStorage storage;
  private final StageRoots roots;
  private final StageListener listener;
  private final WorkDirectory work;

  StageSources(
      StageReady job,
      LocalStageExecutor.Sources doors,
      NodeStorage storage,
      StageRoots roots,
      StageListener listener,
      WorkDirectory work) {
    this.job = job;
    this.doors = doors;
    this.storage = storage;
    this.roots = roots;
    this.listener = listener;
    this.work = work;
  }

  @Override
  public SourceTree open(FileTransfer transfer) throws IOException, InterruptedException {
    return switch (transfer.from()) {
      case FileOrigin.Context(var context) ->
          ContextTree.open(doors.contexts().open(context), storage.roots(), paths(transfer));
      case FileOrigin.FromStage(var stage) -> tree(Inputs.of(job, stage).layers());
      case FileOrigin.FromImage(var image) -> tree(image.layers());
    };
  }

  private static List<String> paths(FileTransfer transfer) {
    var paths = new ArrayList<String>();
    for (var source : transfer.sources()) {
      if (source instanceof TransferSource.Files files) {
        paths.addAll(files.paths());
      }
    }
    return paths;
  }

  @Override
  public SourceTree download(TransferSource.Download source)
      throws IOException, InterruptedException {
    var folder = work.makeNew("download-");
    try {
      return tree(doors.remote().download(source, folder), folder);
    } catch (IOException | InterruptedException | RuntimeException failed) {
      work.remove(folder);
      throw failed;
    }
  }

  @Override
  public SourceTree checkOut(TransferSource.Repository source)
      throws IOException, InterruptedException {
    var folder = work.makeNew("checkout-");
    try {
      return tree(doors.remote().checkOut(source, folder), folder);
    } catch (IOException | InterruptedException | RuntimeException failed) {
      work.remove(folder);
      throw failed;
    }
  }

  private SourceTree tree(FileSystem files, WorkDirectory folder) {
    return new RootTree(files, () -> work.remove(folder));
  }

  private SourceTree tree(List<Layer> layers) throws IOException, InterruptedException {
    var root = roots.openSource(layers, false, listener, work);
    return new RootTree(root.files(), root::close);
  }
}
