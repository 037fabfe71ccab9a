package dev.birgus.pusher.upload;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import java.util.List;

/**
 * The uploads of one build.
 *
 * @param several whether blobs go to more than one repository, so that a digest alone does not name
 *     a transfer
 * @param ledger where its blobs are
 * @param listener told how they get there
 */
public record BuildTraffic(
    BuildId build, boolean several, UploadLedger ledger, UploadListener listener) {

  public BuildTraffic {
    requireNonNull(build, "build");
    requireNonNull(ledger, "ledger");
    requireNonNull(listener, "listener");
  }

  /** The uploads of a build to these destinations. */
  public static BuildTraffic to(
      List<ToRegistry> destinations, BuildId build, UploadLedger ledger, UploadListener listener) {
    var several =
        destinations.stream().map(each -> each.reference().repositoryName()).distinct().count() > 1;
    return new BuildTraffic(build, several, ledger, listener);
  }
}
