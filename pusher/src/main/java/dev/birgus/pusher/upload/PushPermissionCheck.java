package dev.birgus.pusher.upload;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.registry.Registries;
import dev.birgus.pusher.content.Interruptions;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;

/** Finds out before a build whether its image can be pushed at the end of it. */
public final class PushPermissionCheck {

  private final Registries registries;

  /** A check with these registries. */
  public PushPermissionCheck(Registries registries) {
    this.registries = requireNonNull(registries, "registries");
  }

  /**
   * Asks each destination's registry, once per repository, in order.
   *
   * @throws dev.birgus.infra.contracts.FailureException for the first that refuses or cannot be
   *     reached
   */
  public void check(List<ImageReference> destinations) throws InterruptedException {
    var checked = new HashSet<String>();
    for (var destination : destinations) {
      if (checked.add(destination.repositoryName())) {
        try {
          registries.push(destination.registry()).checkPush(destination.repository());
        } catch (IOException refused) {
          Interruptions.rethrow(refused);
          throw PushFailures.checking(destination, refused);
        }
      }
    }
  }
}
