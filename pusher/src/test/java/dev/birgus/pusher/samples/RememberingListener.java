package dev.birgus.pusher.samples;

import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Event.BlobPushed.Presence;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.pusher.upload.UploadListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it is told, one line each. */
public final class RememberingListener implements UploadListener {

  private final List<String> told = new CopyOnWriteArrayList<>();

  /** What it was told, in order. */
  public List<String> told() {
    return List.copyOf(told);
  }

  @Override
  public void moved(Transfer kind, String name, long done, long total) {
    told.add(kind + " " + name + " " + done + "/" + total);
  }

  @Override
  public void blobPushed(ToRegistry destination, Descriptor blob, Presence how) {
    told.add(how + " " + blob.digest());
  }

  @Override
  public void tagged(ToRegistry destination, Digest manifest) {
    told.add("tagged " + destination.written());
  }

  @Override
  public void keptImmutable(ToRegistry destination) {
    told.add("kept " + destination.written());
  }
}
