package dev.birgus.ingest.context;

import java.io.IOException;
import java.io.InputStream;

/** Files at http and https addresses. */
public interface RemoteFiles {

  /**
   * Opens a file.
   *
   * @throws dev.birgus.infra.contracts.FailureException if it cannot be had
   * @throws IOException if it breaks off
   */
  InputStream open(String address) throws IOException;
}
