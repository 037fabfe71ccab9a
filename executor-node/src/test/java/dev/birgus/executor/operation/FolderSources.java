package dev.birgus.executor.operation;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.contracts.TransferSource;
import java.io.IOException;
import java.nio.file.Path;

/** One folder, as context and as root of every stage; what is fetched is in it too. */
final class FolderSources implements FileSources {

  private final Path folder;

  FolderSources(Path folder) {
    this.folder = folder;
  }

  @Override
  public SourceTree open(FileTransfer transfer) throws IOException {
    return switch (transfer.from()) {
      case FileOrigin.Context(var _) ->
          ContextTree.open(
              new FolderContext(folder),
              LinuxFileSystem::open,
              transfer.sources().stream()
                  .filter(TransferSource.Files.class::isInstance)
                  .flatMap(source -> ((TransferSource.Files) source).paths().stream())
                  .toList());
      case FileOrigin.FromStage _, FileOrigin.FromImage _ -> tree();
    };
  }

  @Override
  public SourceTree download(TransferSource.Download source) throws IOException {
    return tree();
  }

  @Override
  public SourceTree checkOut(TransferSource.Repository source) throws IOException {
    return tree();
  }

  private SourceTree tree() throws IOException {
    return new RootTree(LinuxFileSystem.open(folder), () -> {});
  }
}
