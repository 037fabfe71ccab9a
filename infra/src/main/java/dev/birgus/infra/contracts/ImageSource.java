package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.ImageReference;

/** Where the blobs of an image can be had. */
public sealed interface ImageSource {

  /** A repository of a registry. */
  record FromRegistry(ImageReference reference) implements ImageSource {
    public FromRegistry {
      requireNonNull(reference, "reference");
    }
  }

  /**
   * An OCI image layout directory.
   *
   * @param path absolute
   * @param tag the reference name in its index, or the digest of a manifest or index in it; empty
   *     for {@code latest}, or the only image
   */
  record FromLayout(String path, String tag) implements ImageSource {
    public FromLayout {
      requireNonNull(path, "path");
      requireNonNull(tag, "tag");
    }
  }

  /**
   * A tar of a root file system, plain or gzip, that becomes the single layer of a base image.
   *
   * @param path absolute
   */
  record FromRootfsArchive(String path) implements ImageSource {
    public FromRootfsArchive {
      requireNonNull(path, "path");
    }
  }
}
