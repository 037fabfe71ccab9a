package dev.birgus.executor.layer;

import dev.birgus.infra.contracts.BuildOptions;
import java.io.IOException;

/** What a layer is made of, wherever it is kept. */
public interface LayerContent {

  /**
   * Writes all entries, parents before what is in them, names in the order of their bytes. Equal
   * content gives equal entries. It may be interrupted: {@link java.io.InterruptedIOException}.
   *
   * @param tar is neither finished nor closed
   * @param options the timestamp is what later times are set to; earlier ones stay, so that files
   *     which came unchanged from elsewhere keep their times. What is ignored is left out
   * @return whether there was anything to write
   */
  boolean write(TarWriter tar, BuildOptions options) throws IOException;
}
