package dev.birgus.infra.oci;

import static java.util.Objects.requireNonNull;

/**
 * A media type of the OCI image specification or of Docker's schema 2; any other passes through.
 */
public record MediaType(String value) {

  public static final MediaType OCI_MANIFEST =
      new MediaType("application/vnd.oci.image.manifest.v1+json");
  public static final MediaType OCI_INDEX =
      new MediaType("application/vnd.oci.image.index.v1+json");
  public static final MediaType OCI_CONFIG =
      new MediaType("application/vnd.oci.image.config.v1+json");
  public static final MediaType OCI_LAYER = new MediaType("application/vnd.oci.image.layer.v1.tar");
  public static final MediaType OCI_LAYER_GZIP =
      new MediaType("application/vnd.oci.image.layer.v1.tar+gzip");
  public static final MediaType OCI_LAYER_ZSTD =
      new MediaType("application/vnd.oci.image.layer.v1.tar+zstd");
  public static final MediaType DOCKER_MANIFEST =
      new MediaType("application/vnd.docker.distribution.manifest.v2+json");
  public static final MediaType DOCKER_INDEX =
      new MediaType("application/vnd.docker.distribution.manifest.list.v2+json");
  public static final MediaType DOCKER_CONFIG =
      new MediaType("application/vnd.docker.container.image.v1+json");
  public static final MediaType DOCKER_LAYER =
      new MediaType("application/vnd.docker.image.rootfs.diff.tar");
  public static final MediaType DOCKER_LAYER_GZIP =
      new MediaType("application/vnd.docker.image.rootfs.diff.tar.gzip");

  public MediaType {
    requireNonNull(value, "value");
  }

  /** Whether it names a list of manifests, one per platform. */
  public boolean isIndex() {
    return equals(OCI_INDEX) || equals(DOCKER_INDEX);
  }

  /** Whether it names the manifest of one image. */
  public boolean isManifest() {
    return equals(OCI_MANIFEST) || equals(DOCKER_MANIFEST);
  }

  /** Whether it is one of Docker's own types rather than the OCI's. */
  public boolean isDocker() {
    return value.startsWith("application/vnd.docker.");
  }

  /** How a layer of this type is compressed. */
  public Compression compression() {
    if (value.endsWith("zstd")) {
      return Compression.ZSTD;
    }
    return value.endsWith("gzip") ? Compression.GZIP : Compression.NONE;
  }

  /** The layer type of the OCI for this compression. */
  public static MediaType ociLayer(Compression compression) {
    return switch (compression) {
      case NONE -> OCI_LAYER;
      case GZIP -> OCI_LAYER_GZIP;
      case ZSTD -> OCI_LAYER_ZSTD;
    };
  }

  @Override
  public String toString() {
    return value;
  }
}
