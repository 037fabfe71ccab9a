package dev.birgus.pusher.service;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BlobPushed.Presence;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.pusher.upload.UploadListener;
import java.util.Map;
import java.util.Optional;

/** Tells the bus how the uploads of one build go. */
final class PushReport implements UploadListener {

  private final EventBus bus;
  private final Journal journal;
  private final BuildId build;

  PushReport(EventBus bus, Journal journal, BuildId build) {
    this.bus = bus;
    this.journal = journal;
    this.build = build;
  }

  @Override
  public void moved(Transfer kind, String name, long done, long total) {
    tell(new Event.TransferProgressed(build, kind, name, done, Optional.of(total)));
  }

  @Override
  public void blobPushed(ToRegistry destination, Descriptor blob, Presence how) {
    tell(new Event.BlobPushed(build, destination, blob, how));
  }

  @Override
  public void tagged(ToRegistry destination, Digest manifest) {
    finished(destination, manifest);
  }

  @Override
  public void keptImmutable(ToRegistry destination) {
    journal.log(
        Journal.Level.INFO,
        "the tag is immutable and was left as it is",
        Map.of(LogKeys.BUILD, build.value(), LogKeys.REGISTRY, destination.reference().registry()));
  }

  /** A delivery is complete. */
  void finished(Delivery delivery, Digest manifest) {
    tell(new Event.DeliveryFinished(build, delivery, manifest));
  }

  /** What could not be sent while the build runs; it is tried again at its end. */
  void delayed(String registry, Exception trouble) {
    journal.log(
        Journal.Level.WARN,
        "layers cannot be sent while the build runs; they are sent at its end",
        Map.of(
            LogKeys.BUILD,
            build.value(),
            LogKeys.REGISTRY,
            registry,
            LogKeys.ERROR,
            String.valueOf(trouble.getMessage())));
  }

  private void tell(Event event) {
    bus.publish(Topic.EVENTS, build.value(), event);
  }
}
