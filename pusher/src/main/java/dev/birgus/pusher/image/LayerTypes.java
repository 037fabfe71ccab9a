package dev.birgus.pusher.image;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.oci.Compression;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.MediaType;
import java.util.Set;

/** The media types of layers in the two families of manifests. */
final class LayerTypes {

  private static final Set<MediaType> KNOWN =
      Set.of(
          MediaType.OCI_LAYER,
          MediaType.OCI_LAYER_GZIP,
          MediaType.OCI_LAYER_ZSTD,
          MediaType.DOCKER_LAYER,
          MediaType.DOCKER_LAYER_GZIP);

  private LayerTypes() {}

  /** What a layer is called in a manifest of the family. */
  static MediaType in(boolean docker, Descriptor layer) {
    if (!KNOWN.contains(layer.mediaType())) {
      throw Failure.of(
              "layer-type-not-supported",
              "layer "
                  + layer.digest()
                  + " of the base image is of type \""
                  + layer.mediaType()
                  + "\", which is not supported yet",
              "Use a base image whose layers are plain, gzip or zstd tars.")
          .toException();
    }
    var compression = layer.mediaType().compression();
    return docker ? dockerLayer(compression) : MediaType.ociLayer(compression);
  }

  private static MediaType dockerLayer(Compression compression) {
    return switch (compression) {
      case NONE -> MediaType.DOCKER_LAYER;
      case GZIP -> MediaType.DOCKER_LAYER_GZIP;
      case ZSTD -> throw new IllegalArgumentException("Docker's family has no zstd layers");
    };
  }
}
