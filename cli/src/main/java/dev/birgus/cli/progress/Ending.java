package dev.birgus.cli.progress;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.oci.Digest;

/** How a build ended. */
public sealed interface Ending {

  /**
   * There is an image.
   *
   * @param size of the compressed layers, in bytes
   */
  record Succeeded(Digest manifest, long size) implements Ending {
    public Succeeded {
      requireNonNull(manifest, "manifest");
    }
  }

  /** There is none. */
  record Failed(Failure failure) implements Ending {
    public Failed {
      requireNonNull(failure, "failure");
    }
  }

  /** It was ended from outside. */
  record Cancelled(String reason) implements Ending {
    public Cancelled {
      requireNonNull(reason, "reason");
    }
  }
}
