package dev.birgus.pusher.upload;

import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.registry.Registry;
import dev.birgus.pusher.content.LayerContent;
import dev.birgus.pusher.content.Progress;
import dev.birgus.pusher.image.Document;
import java.io.ByteArrayInputStream;
import java.util.Optional;

/** A blob of an image on its way to registries. */
sealed interface UploadedBlob {

  Descriptor blob();

  /** The repository of this registry the blob came from, if it did. */
  Optional<String> origin(String registry);

  /** Its bytes, which are fetched first if they must be. */
  Registry.BlobContent ready(LayerContent content, Progress progress) throws InterruptedException;

  /** A layer. */
  record OfLayer(Layer layer) implements UploadedBlob {

    @Override
    public Descriptor blob() {
      return layer.blob();
    }

    @Override
    public Optional<String> origin(String registry) {
      return layer.source().orElse(null) instanceof ImageSource.FromRegistry(var base)
              && base.registry().equals(registry)
          ? Optional.of(base.repository())
          : Optional.empty();
    }

    @Override
    public Registry.BlobContent ready(LayerContent content, Progress progress)
        throws InterruptedException {
      content.ensureStored(layer, progress);
      return () -> content.openStored(layer);
    }
  }

  /** A configuration. */
  record OfDocument(Document document) implements UploadedBlob {

    @Override
    public Descriptor blob() {
      return document.descriptor();
    }

    @Override
    public Optional<String> origin(String registry) {
      return Optional.empty();
    }

    @Override
    public Registry.BlobContent ready(LayerContent content, Progress progress) {
      var bytes = document.bytes();
      return () -> new ByteArrayInputStream(bytes);
    }
  }
}
