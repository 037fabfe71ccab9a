package dev.birgus.pusher.upload;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.oci.Digest;
import dev.birgus.pusher.content.Interruptions;
import java.io.IOException;
import java.util.List;

/** Tells whether a push was begun by somebody who cannot be asked any more. */
public final class MovedTags {

  private final BlobUploads uploads;

  /** Looks where these uploads go. */
  public MovedTags(BlobUploads uploads) {
    this.uploads = requireNonNull(uploads, "uploads");
  }

  /** Whether one of these destinations has the image; a registry that does not say so has not. */
  public boolean any(Digest image, List<ToRegistry> destinations) throws InterruptedException {
    for (var destination : destinations) {
      if (has(image, destination)) {
        return true;
      }
    }
    return false;
  }

  private boolean has(Digest image, ToRegistry destination) throws InterruptedException {
    var reference = destination.reference();
    try {
      return uploads
          .registry(destination)
          .headManifest(reference.repository(), reference.tag().orElseGet(reference::digestOrTag))
          .filter(found -> found.digest().equals(image))
          .isPresent();
    } catch (IOException broken) {
      Interruptions.rethrow(broken);
      return false;
    } catch (FailureException refused) {
      return false;
    }
  }
}
