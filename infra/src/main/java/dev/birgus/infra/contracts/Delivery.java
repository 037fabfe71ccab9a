package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.ImageReference;

/** A place the finished image goes to. Paths are absolute. */
public sealed interface Delivery {

  /**
   * A tag in a registry.
   *
   * @param written as the user wrote it, which is what kaniko puts into RepoTags
   */
  record ToRegistry(ImageReference reference, String written) implements Delivery {
    public ToRegistry {
      requireNonNull(reference, "reference");
      requireNonNull(written, "written");
    }
  }

  /** A tar as {@code docker save} makes it, with kaniko's member names. */
  record ToTar(String path) implements Delivery {
    public ToTar {
      requireNonNull(path, "path");
    }
  }

  /** An OCI image layout directory. */
  record ToLayout(String path) implements Delivery {
    public ToLayout {
      requireNonNull(path, "path");
    }
  }

  /** A small file that says what was made. */
  record ToDigestFile(String path, Content content) implements Delivery {
    public ToDigestFile {
      requireNonNull(path, "path");
      requireNonNull(content, "content");
    }

    /** What the file holds. */
    public enum Content {
      /** The digest alone, without end of line. */
      DIGEST,
      /** A line {@code repository@digest} for each destination. */
      NAME_AND_DIGEST,
      /** A line {@code repository:tag@digest} for each destination. */
      NAME_TAG_AND_DIGEST,
      /** A JSON object with name and digest for each destination, one a line, for Cloud Build. */
      BUILDER_OUTPUT
    }
  }
}
