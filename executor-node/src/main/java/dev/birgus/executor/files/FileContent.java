package dev.birgus.executor.files;

import java.io.IOException;
import java.io.InputStream;

/**
 * What a regular file holds, to be read later: a reference, which costs no room. It is good while
 * the file system it was asked of is open, and may be opened by any thread, any number of times.
 */
public interface FileContent {

  /** Bytes, holes included. */
  long size();

  /**
   * Reads it from its beginning.
   *
   * @throws dev.birgus.infra.contracts.FailureException {@code file-changed} if the file is another
   *     than it was
   */
  InputStream open() throws IOException;
}
