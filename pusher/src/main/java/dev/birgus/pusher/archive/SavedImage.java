package dev.birgus.pusher.archive;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.oci.Digest;
import dev.birgus.pusher.image.Document;
import dev.birgus.pusher.image.FinishedImage;
import java.util.List;
import java.util.Optional;

/**
 * An image that was saved.
 *
 * @param images one, or those of its index
 * @param index what names them, if it is an image for several platforms
 * @param layers where their layers are
 */
public record SavedImage(List<FinishedImage> images, Optional<Document> index, BlobStore layers) {

  public SavedImage {
    images = List.copyOf(images);
    requireNonNull(index, "index");
    requireNonNull(layers, "layers");
    if (index.isEmpty() && images.size() != 1) {
      throw new IllegalArgumentException(images.size() + " images without an index");
    }
  }

  /** What it is called by. */
  public Digest digest() {
    return index.map(Document::digest).orElseGet(() -> images.getFirst().digest());
  }
}
