package dev.birgus.executor.stage;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.operation.FileSources;
import dev.birgus.executor.operation.SourceTree;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.contracts.TransferSource;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Sources that stay open when a step is done with them: their files are read afterwards. */
final class KeptSources implements FileSources, AutoCloseable {

  private final FileSources sources;
  private final Deque<SourceTree> open = new ArrayDeque<>();

  KeptSources(FileSources sources) {
    this.sources = sources;
  }

  @Override
  public SourceTree open(FileTransfer transfer) throws IOException, InterruptedException {
    return keep(sources.open(transfer));
  }

  @Override
  public SourceTree download(TransferSource.Download source)
      throws IOException, InterruptedException {
    return keep(sources.download(source));
  }

  @Override
  public SourceTree checkOut(TransferSource.Repository source)
      throws IOException, InterruptedException {
    return keep(sources.checkOut(source));
  }

  private SourceTree keep(SourceTree tree) {
    open.push(tree);
    return new Kept(tree);
  }

  private record Kept(SourceTree tree) implements SourceTree {
    @Override
    public FileSystem files() {
      return tree.files();
    }

    @Override
    public List<String> select(String source) throws IOException {
      return tree.select(source);
    }

    @Override
    public FailureException nothingAt(String source) throws IOException {
      return tree.nothingAt(source);
    }

    @Override
    public List<String> children(String directory) throws IOException {
      return tree.children(directory);
    }

    @Override
    public boolean listsWhiteouts() {
      return tree.listsWhiteouts();
    }

    @Override
    public void close() {
      // When all is packed.
    }
  }

  /** Closes them all, the last first. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (IOException failed) {
        if (failure == null) {
          failure = failed;
        } else {
          failure.addSuppressed(failed);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
