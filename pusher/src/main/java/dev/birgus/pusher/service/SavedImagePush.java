package dev.birgus.pusher.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Delivery.ToDigestFile;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Event.BlobPushed.Presence;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.registry.ImageSources;
import dev.birgus.infra.registry.Registries;
import dev.birgus.pusher.archive.SavedImage;
import dev.birgus.pusher.content.LayerContent;
import dev.birgus.pusher.export.DigestFile;
import dev.birgus.pusher.upload.BlobUploads;
import dev.birgus.pusher.upload.BuildTraffic;
import dev.birgus.pusher.upload.Fence;
import dev.birgus.pusher.upload.ImageUpload;
import dev.birgus.pusher.upload.UploadLedger;
import dev.birgus.pusher.upload.UploadListener;
import dev.birgus.pusher.upload.UploadSettings;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Pushes images that were saved, by the same uploads as those that were built. */
public final class SavedImagePush {

  private final Registries registries;
  private final UploadSettings settings;
  private final InstantSource clock;
  private final Journal journal;

  /**
   * Pushes to these registries.
   *
   * @param journal told what becomes of the image
   */
  public SavedImagePush(
      Registries registries, UploadSettings settings, InstantSource clock, Journal journal) {
    this.registries = requireNonNull(registries, "registries");
    this.settings = requireNonNull(settings, "settings");
    this.clock = requireNonNull(clock, "clock");
    this.journal = requireNonNull(journal, "journal");
  }

  /**
   * Makes the deliveries: registries, and the files that tell of them.
   *
   * @throws dev.birgus.infra.contracts.FailureException naming the destinations that did not get
   *     the image
   */
  public void run(BuildId id, SavedImage image, List<Delivery> deliveries)
      throws InterruptedException {
    var destinations = new ArrayList<ToRegistry>();
    var files = new ArrayList<ToDigestFile>();
    for (var delivery : deliveries) {
      switch (delivery) {
        case ToRegistry destination -> destinations.add(destination);
        case ToDigestFile file -> files.add(file);
        case Delivery.ToTar _, Delivery.ToLayout _ ->
            throw new IllegalArgumentException("a saved image is not saved again");
      }
    }
    var content = new LayerContent(image.layers(), new NoSources());
    var uploads = new BlobUploads(registries, content, settings.parallelBlobs());
    var traffic =
        BuildTraffic.to(destinations, id, new UploadLedger(clock), new Report(image.digest()));
    var upload = new ImageUpload(uploads, settings.ignoreImmutableTags(), traffic, Fence.OPEN);
    for (var each : image.images()) {
      var places = image.index().isEmpty() ? destinations : pinned(destinations, each.digest());
      upload.uploadBlobs(each, places);
      upload.tag(each, places);
    }
    if (image.index().isPresent()) {
      upload.tagIndex(image.index().get(), destinations);
    }
    var names = destinations.stream().map(ToRegistry::reference).toList();
    for (var file : files) {
      DigestFile.write(file, names, image.digest());
    }
  }

  /** The repositories of the destinations, each once, at a digest. */
  private static List<ToRegistry> pinned(List<ToRegistry> destinations, Digest digest) {
    return destinations.stream()
        .map(each -> each.reference().at(digest))
        .distinct()
        .map(reference -> new ToRegistry(reference, reference.toString()))
        .toList();
  }

  /** All layers are in the archive. */
  private static final class NoSources implements ImageSources {
    @Override
    public ResolvedImage resolve(String name, ImageSource source, Platform platform)
        throws IOException {
      throw new IOException("a saved image needs no other one");
    }

    @Override
    public InputStream open(ImageSource source, Descriptor blob) throws IOException {
      throw new IOException(blob.digest() + " is not in the archive");
    }
  }

  /** Tells the journal. */
  private final class Report implements UploadListener {
    private final Digest image;

    Report(Digest image) {
      this.image = image;
    }

    @Override
    public void moved(Transfer kind, String name, long done, long total) {
      if (done == total) {
        tell(Journal.Level.INFO, "sent " + name);
      }
    }

    @Override
    public void blobPushed(ToRegistry destination, Descriptor blob, Presence how) {
      tell(Journal.Level.DEBUG, "blob " + blob.digest() + " " + how);
    }

    @Override
    public void tagged(ToRegistry destination, Digest manifest) {
      if (manifest.equals(image)) {
        tell(
            Journal.Level.INFO,
            "Pushed " + destination.reference().repositoryName() + "@" + manifest);
      }
    }

    @Override
    public void keptImmutable(ToRegistry destination) {
      journal.log(
          Journal.Level.INFO,
          "the tag is immutable and was left as it is",
          Map.of(LogKeys.REGISTRY, destination.reference().registry()));
    }

    private void tell(Journal.Level level, String message) {
      journal.log(level, message, Map.of());
    }
  }
}
