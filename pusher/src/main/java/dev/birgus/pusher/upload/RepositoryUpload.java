package dev.birgus.pusher.upload;

import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Event.BlobPushed.Presence;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.registry.Registry;
import dev.birgus.infra.registry.RegistryException;
import dev.birgus.pusher.content.Interruptions;
import dev.birgus.pusher.content.LayerContent;
import dev.birgus.pusher.content.Meter;
import dev.birgus.pusher.image.FinishedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings blobs to one repository: one that is there stays, one that another repository of the
 * registry has is mounted, the others are sent.
 */
final class RepositoryUpload {

  private final Registry registry;
  private final ToRegistry destination;
  private final LayerContent content;
  private final UploadListener listener;
  private final boolean several;

  /**
   * Uploads to the repository of a destination.
   *
   * @param several whether the image goes to other repositories too, so that a digest alone does
   *     not name a transfer
   */
  RepositoryUpload(
      Registry registry,
      ToRegistry destination,
      LayerContent content,
      UploadListener listener,
      boolean several) {
    this.registry = registry;
    this.destination = destination;
    this.content = content;
    this.listener = listener;
    this.several = several;
  }

  /**
   * What is to be done, in any order: one task for each blob.
   *
   * @param siblings repositories of the registry that have all blobs of the image already
   */
  List<SideBySide.Task> tasks(FinishedImage image, List<String> siblings) {
    var tasks = new ArrayList<SideBySide.Task>();
    for (var layer : image.distinctLayers()) {
      tasks.add(() -> layer(layer, siblings));
    }
    tasks.add(() -> config(image));
    return tasks;
  }

  private void layer(Layer layer, List<String> siblings) throws IOException, InterruptedException {
    var blob = layer.blob();
    if (registry.hasBlob(repository(), blob.digest())) {
      listener.blobPushed(destination, blob, Presence.EXISTED);
    } else if (mounted(blob.digest(), holders(layer, siblings))) {
      listener.blobPushed(destination, blob, Presence.MOUNTED);
    } else {
      content.ensureStored(layer, listener);
      send(blob, () -> content.openStored(layer));
    }
  }

  private void config(FinishedImage image) throws IOException, InterruptedException {
    var blob = image.config().descriptor();
    if (registry.hasBlob(repository(), blob.digest())) {
      listener.blobPushed(destination, blob, Presence.EXISTED);
    } else {
      var bytes = image.config().bytes();
      send(blob, () -> new ByteArrayInputStream(bytes));
    }
  }

  private void send(Descriptor blob, Registry.BlobContent bytes)
      throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before " + blob.digest());
    }
    registry.pushBlob(repository(), blob, () -> metered(blob, bytes.open()));
    listener.blobPushed(destination, blob, Presence.UPLOADED);
  }

  private InputStream metered(Descriptor blob, InputStream bytes) {
    var digest = blob.digest().toString();
    var name = several ? destination.reference().repositoryName() + "@" + digest : digest;
    return new Meter(Transfer.UPLOAD, name, blob.size(), listener).reading(bytes);
  }

  private Set<String> holders(Layer layer, List<String> siblings) {
    var holders = new LinkedHashSet<String>();
    if (layer.source().orElse(null) instanceof ImageSource.FromRegistry(var base)
        && base.registry().equals(destination.reference().registry())) {
      holders.add(base.repository());
    }
    holders.addAll(siblings);
    holders.remove(repository());
    return holders;
  }

  private boolean mounted(Digest digest, Set<String> holders)
      throws IOException, InterruptedException {
    for (var holder : holders) {
      try {
        if (registry.mountBlob(repository(), digest, holder)) {
          return true;
        }
      } catch (RegistryException refused) {
        // We may be allowed to push here and not to pull there: sending the bytes decides.
        Interruptions.rethrow(refused);
      }
    }
    return false;
  }

  private String repository() {
    return destination.reference().repository();
  }
}
