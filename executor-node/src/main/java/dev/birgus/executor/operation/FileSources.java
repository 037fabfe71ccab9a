package dev.birgus.executor.operation;

import dev.birgus.infra.contracts.FileTransfer;
import java.io.IOException;

/** Opens what COPY and ADD take files from. */
public interface FileSources {

  /** The files a transfer selects from; the caller closes it. */
  SourceTree open(FileTransfer transfer) throws IOException, InterruptedException;
}
