package dev.birgus.executor.operation;

import dev.birgus.executor.files.FileSystem;
import java.io.IOException;
import java.util.List;

/** Files to copy from: a build context, or the root of a stage or an image. */
public interface SourceTree extends AutoCloseable {

  /** The files. Not all of them may be copied: see {@link #children}. */
  FileSystem files();

  /**
   * The paths a source stands for, in order.
   *
   * @param source as it is in the transfer
   * @throws dev.birgus.infra.contracts.FailureException {@code source-not-found} if there is none
   */
  List<String> select(String source) throws IOException;

  /** The names in a directory that may be copied. */
  List<String> children(String directory) throws IOException;

  @Override
  void close() throws IOException;
}
