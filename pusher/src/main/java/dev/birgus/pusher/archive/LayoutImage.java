package dev.birgus.pusher.archive;

import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageIndex;
import dev.birgus.infra.oci.Manifest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.pusher.image.Document;
import dev.birgus.pusher.image.FinishedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Optional;

/** The one image of an OCI image layout (version 1.0). */
final class LayoutImage {

  private final SavedPlace place;
  private final SavedBlobs blobs;

  LayoutImage(SavedPlace place, SavedBlobs blobs) {
    this.place = place;
    this.blobs = blobs;
  }

  SavedImage read() throws IOException {
    var entries = ImageIndex.parse(place.document("index.json"), MediaType.OCI_INDEX).manifests();
    if (entries.size() != 1) {
      throw place.unreadable("it has " + entries.size() + " images, and one is to be pushed");
    }
    var entry = entries.getFirst();
    if (!entry.mediaType().isIndex()) {
      return new SavedImage(java.util.List.of(image(entry)), Optional.empty(), blobs);
    }
    var index = document(entry);
    var images = new ArrayList<FinishedImage>();
    for (var each : ImageIndex.parse(index.bytes(), entry.mediaType()).manifests()) {
      if (each.mediaType().isIndex()) {
        throw place.unreadable("an index in it names another index, " + each.digest());
      }
      images.add(image(each));
    }
    return new SavedImage(images, Optional.of(index), blobs);
  }

  private FinishedImage image(Descriptor entry) throws IOException {
    var document = document(entry);
    var manifest = Manifest.parse(document.bytes(), entry.mediaType());
    var layers = new ArrayList<Layer>();
    for (var blob : manifest.layers()) {
      var piece = place.piece(name(blob.digest()));
      if (piece.length() != blob.size()) {
        throw place.unreadable(
            "layer " + blob.digest() + " has " + piece.length() + " bytes, not " + blob.size());
      }
      blobs.add(blob.digest(), piece);
      // What it is unpacked does not matter to who only passes it on.
      layers.add(new Layer(blob, blob.digest(), Optional.empty()));
    }
    return new FinishedImage(document, document(manifest.config()), layers);
  }

  private Document document(Descriptor entry) throws IOException {
    var bytes = place.document(name(entry.digest()));
    var hash = HexFormat.of().formatHex(entry.digest().newComputation().digest(bytes));
    if (!hash.equals(entry.digest().hex())) {
      throw place.unreadable(entry.digest() + " in it has another digest");
    }
    return new Document(entry.mediaType(), bytes);
  }

  private static String name(Digest digest) {
    return "blobs/" + digest.algorithm() + "/" + digest.hex();
  }
}
