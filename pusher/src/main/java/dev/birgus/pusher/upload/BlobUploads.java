package dev.birgus.pusher.upload;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.OneAtATime;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Event.BlobPushed.Presence;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.registry.Registries;
import dev.birgus.infra.registry.Registry;
import dev.birgus.infra.registry.RegistryException;
import dev.birgus.pusher.content.Interruptions;
import dev.birgus.pusher.content.LayerContent;
import dev.birgus.pusher.content.Meter;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings blobs to repositories, for all builds of the process: one that is there stays, one that
 * another repository of the registry has is mounted, the others are sent. Of those who want the
 * same blob in the same repository one brings it while the others wait.
 */
public final class BlobUploads {

  private final Registries registries;
  private final LayerContent content;
  private final UploadSlots slots;
  private final OneAtATime<BlobPlace> places = new OneAtATime<>();

  /**
   * Uploads.
   *
   * @param parallelBlobs how many blobs go to one registry at once
   */
  public BlobUploads(Registries registries, LayerContent content, int parallelBlobs) {
    this.registries = requireNonNull(registries, "registries");
    this.content = requireNonNull(content, "content");
    this.slots = new UploadSlots(parallelBlobs);
  }

  Registry registry(ToRegistry destination) {
    return registries.push(destination.reference().registry());
  }

  /**
   * Brings a blob to the repository of a destination, unless the build knows that it is there.
   *
   * @param siblings repositories of the registry that have the blob
   * @throws dev.birgus.infra.contracts.FailureException if its bytes cannot be had
   */
  void bring(UploadedBlob blob, ToRegistry destination, List<String> siblings, BuildTraffic traffic)
      throws IOException, InterruptedException {
    var place = BlobPlace.of(destination, blob.blob().digest());
    if (traffic.ledger().knows(place)) {
      return;
    }
    try (var _ = places.take(place)) {
      if (traffic.ledger().knows(place)) {
        return;
      }
      var how = brought(blob, destination, siblings, traffic);
      if (traffic.ledger().note(place)) {
        traffic.listener().blobPushed(destination, blob.blob(), how);
      }
    }
  }

  private Presence brought(
      UploadedBlob blob, ToRegistry destination, List<String> siblings, BuildTraffic traffic)
      throws IOException, InterruptedException {
    var host = destination.reference().registry();
    var repository = destination.reference().repository();
    var registry = registry(destination);
    try (var _ = slots.take(host, traffic.build())) {
      if (registry.hasBlob(repository, blob.blob().digest())) {
        return Presence.EXISTED;
      }
      for (var holder : holders(blob, destination, siblings)) {
        if (mounted(registry, repository, blob.blob(), holder)) {
          return Presence.MOUNTED;
        }
      }
    }
    // What has to be fetched first takes nobody's slot meanwhile.
    var bytes = blob.ready(content, traffic.listener());
    try (var _ = slots.take(host, traffic.build())) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted before " + blob.blob().digest());
      }
      registry.pushBlob(
          repository, blob.blob(), () -> metered(blob.blob(), bytes.open(), destination, traffic));
    }
    return Presence.UPLOADED;
  }

  private static Set<String> holders(
      UploadedBlob blob, ToRegistry destination, List<String> siblings) {
    var holders = new LinkedHashSet<String>();
    blob.origin(destination.reference().registry()).ifPresent(holders::add);
    holders.addAll(siblings);
    holders.remove(destination.reference().repository());
    return holders;
  }

  private static boolean mounted(
      Registry registry, String repository, Descriptor blob, String holder)
      throws IOException, InterruptedException {
    try {
      return registry.mountBlob(repository, blob.digest(), holder);
    } catch (RegistryException refused) {
      // We may be allowed to push here and not to pull there: sending the bytes decides.
      Interruptions.rethrow(refused);
      return false;
    }
  }

  private static InputStream metered(
      Descriptor blob, InputStream bytes, ToRegistry destination, BuildTraffic traffic) {
    var digest = blob.digest().toString();
    var name = traffic.several() ? destination.reference().repositoryName() + "@" + digest : digest;
    return new Meter(Transfer.UPLOAD, name, blob.size(), traffic.listener()).reading(bytes);
  }
}
