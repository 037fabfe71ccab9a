package dev.birgus.executor.operation;

import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.contracts.TransferSource;
import java.io.IOException;

/** Opens what COPY and ADD take files from. */
public interface FileSources {

  /** The files of a transfer's origin; the caller closes it. */
  SourceTree open(FileTransfer transfer) throws IOException, InterruptedException;

  /**
   * Fetches a file; the caller closes the tree, in which it is alone, under its name.
   *
   * @throws dev.birgus.infra.contracts.FailureException if it cannot be fetched, or is another than
   *     its checksum says
   */
  SourceTree download(TransferSource.Download source) throws IOException, InterruptedException;

  /**
   * Fetches the files of a git repository; the caller closes the tree.
   *
   * @throws dev.birgus.infra.contracts.FailureException if they cannot be fetched, or are of
   *     another commit than the checksum says
   */
  SourceTree checkOut(TransferSource.Repository source) throws IOException, InterruptedException;
}
