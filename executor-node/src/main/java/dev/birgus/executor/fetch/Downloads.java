package dev.birgus.executor.fetch;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;

/** Opens files at http and https addresses. */
public interface Downloads {

  /**
   * A file being read; the caller closes its content.
   *
   * @param modified when the server says it was changed
   */
  record Opened(InputStream content, Optional<Instant> modified) {
    public Opened {
      requireNonNull(content, "content");
      requireNonNull(modified, "modified");
    }
  }

  /**
   * Opens a file, redirects followed, tried again where that may help.
   *
   * @throws dev.birgus.infra.contracts.FailureException if it cannot be had
   * @throws IOException if it breaks off; reading, too, ends so when nothing comes for too long
   */
  Opened open(String address) throws IOException;
}
