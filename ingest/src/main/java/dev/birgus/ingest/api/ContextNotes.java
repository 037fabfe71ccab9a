package dev.birgus.ingest.api;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Which tenant has brought which build context. That a blob is there says nothing of whose it is,
 * and its digest is no secret; so each tenant's contexts are noted, where all servers see it.
 */
final class ContextNotes {

  private final BlobStore notes;

  /** Notes in a store that nothing else gets into: a note is there because it was written here. */
  ContextNotes(BlobStore notes) {
    this.notes = requireNonNull(notes, "notes");
  }

  /** Whether this tenant has brought it. */
  boolean has(String tenant, Digest context) throws IOException {
    return notes.size(Digest.sha256(text(tenant, context))).isPresent();
  }

  /** The tenant has brought it. Said twice it is the same. */
  void add(String tenant, Digest context) throws IOException {
    try (var writer = notes.create()) {
      writer.write(text(tenant, context));
      var _ = writer.commit();
    }
  }

  /** No tenant's name has the end of a line in it, so no two notes are alike. */
  private static byte[] text(String tenant, Digest context) {
    return ("context\n" + tenant + "\n" + context + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
