package dev.birgus.executor.operation;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.util.List;

/** Files to copy from: a build context, the root of a stage or an image, or what was fetched. */
public interface SourceTree extends AutoCloseable {

  /** The files. Not all of them may be copied: see {@link #children}. */
  FileSystem files();

  /**
   * The paths a source stands for, in order; none if it has wildcards and they match nothing.
   *
   * @param source as it is in the transfer
   * @throws FailureException {@code source-not-found} if it has no wildcards and there is none
   */
  List<String> select(String source) throws IOException;

  /**
   * Why there is nothing of this name.
   *
   * @param source as it is written
   */
  FailureException nothingAt(String source) throws IOException;

  /** The names in a directory that may be copied. */
  List<String> children(String directory) throws IOException;

  /**
   * Whether {@link #children} may name what is not there. The root of a stage does: an overlay
   * lists the whiteouts of a directory that only one layer has. Elsewhere it has vanished.
   */
  boolean listsWhiteouts();

  @Override
  void close() throws IOException;
}
