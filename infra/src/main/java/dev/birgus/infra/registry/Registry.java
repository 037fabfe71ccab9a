package dev.birgus.infra.registry;

import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * One registry (OCI distribution specification 1.1). Calls block; they throw {@link
 * RegistryException} when the registry refuses or cannot be reached after the bounded retries.
 */
public interface Registry {

  /** Whether the tag or digest exists, and what it is. */
  Optional<Descriptor> headManifest(String repository, String reference) throws IOException;

  /**
   * The manifest of a tag or digest. One asked for by digest has that digest. At most 4 MiB.
   *
   * @return empty if the registry does not have it
   */
  Optional<FetchedManifest> manifest(String repository, String reference) throws IOException;

  /** The tags of a repository, as the registry orders them; none if there is no such repository. */
  List<String> tagNames(String repository) throws IOException;

  /**
   * The manifests of a repository that say they are about another one there (signatures,
   * attestations): by the registry's own list, or by the tag that stands in for it.
   */
  List<Descriptor> referrers(String repository, Digest subject) throws IOException;

  /** Whether the repository holds the blob. */
  boolean hasBlob(String repository, Digest digest) throws IOException;

  /** Reads a blob. The stream ends only when size and digest are right, else it throws. */
  InputStream blob(String repository, Descriptor blob) throws IOException;

  /** Takes a blob over from another repository of the registry; false if it would not. */
  boolean mountBlob(String repository, Digest digest, String fromRepository) throws IOException;

  /** Uploads a blob whose digest is known. */
  void pushBlob(String repository, Descriptor blob, BlobContent content) throws IOException;

  /**
   * Uploads a blob that is still being made: its size and digest are known when its content ends.
   *
   * @param content asked for a second stream if the upload has to be repeated; one that cannot give
   *     it throws, and that is what the caller gets
   * @return what was uploaded, verified by the registry
   */
  Descriptor pushBlob(String repository, MediaType mediaType, BlobContent content)
      throws IOException;

  /**
   * Writes a manifest under a tag or its digest. One that has a {@code subject} is found by {@link
   * #referrers} from then on.
   */
  void pushManifest(String repository, String reference, MediaType mediaType, byte[] bytes)
      throws IOException;

  /** Finds out whether we may push, by beginning an upload and ending it again. */
  void checkPush(String repository) throws IOException;

  /** Content that can be read again when an upload has to be repeated. */
  interface BlobContent {
    /** A fresh stream from the first byte. */
    InputStream open() throws IOException;
  }
}
