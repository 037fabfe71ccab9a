package dev.birgus.executor.layer;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** What a layer is made of, wherever it is kept. */
public interface LayerContent {

  /**
   * Writes all entries, parents before what is in them, names in the order of their bytes. Equal
   * content gives equal entries. It may be interrupted: {@link java.io.InterruptedIOException}.
   *
   * @param tar is neither finished nor closed
   * @param timestamp what later times are set to; earlier ones stay, so that files which came
   *     unchanged from elsewhere keep their times
   */
  void write(TarWriter tar, Optional<Instant> timestamp) throws IOException;
}
