package dev.birgus.pusher.upload;

import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Event.BlobPushed.Presence;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.pusher.content.Progress;

/** Is told what reached a registry. Called from several threads at once. */
public interface UploadListener extends Progress {

  /** The destination's repository has a blob. */
  void blobPushed(ToRegistry destination, Descriptor blob, Presence how);

  /** The destination's tag points to the image of this manifest. */
  void tagged(ToRegistry destination, Digest manifest);

  /** The registry would not move the tag, and that is taken for success. */
  void keptImmutable(ToRegistry destination);
}
