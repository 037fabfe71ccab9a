package dev.birgus.infra.credentials;

import java.io.IOException;

/** A cloud that knows who this process is, and says so to its own registries. */
public interface CloudSource {

  /**
   * The credential for one of the cloud's registries, good for some minutes at least. Asked often:
   * what it was given it keeps as long as that is good.
   *
   * @throws CloudUnavailableException if the cloud does not know us, or cannot be asked
   */
  Credential credential(String registry) throws IOException;
}
