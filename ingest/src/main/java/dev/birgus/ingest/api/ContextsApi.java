package dev.birgus.ingest.api;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.doors.Exchange;
import dev.birgus.infra.doors.RefusedRequest;
import dev.birgus.infra.doors.Routes;
import dev.birgus.infra.observe.Meter;
import dev.birgus.infra.observe.Metrics;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;

/** Build contexts on their way in: blobs, named by the digest of what is in them. */
final class ContextsApi {

  private final BlobStore blobs;
  private final ContextNotes notes;
  private final long largest;
  private final Metrics metrics;

  ContextsApi(BlobStore blobs, ContextNotes notes, long largest, Metrics metrics) {
    this.blobs = blobs;
    this.notes = notes;
    this.largest = largest;
    this.metrics = metrics;
  }

  Routes routes(Doorkeeper doorkeeper, Intake intake) {
    return new Routes()
        .on(
            "HEAD",
            "/v1/blobs/{digest}",
            doorkeeper.admit(Role.SUBMIT, "look-for-context", this::look))
        .on(
            "PUT",
            "/v1/blobs/{digest}",
            doorkeeper.admit(Role.SUBMIT, "upload-context", intake.taking(this::take)));
  }

  /** Whether the store has it, and the holder has brought it or may use everybody's. */
  boolean has(Tokens.Holder holder, Digest digest) throws IOException {
    return (holder.isAboveTenants() || notes.has(holder.tenant(), digest))
        && blobs.size(digest).isPresent();
  }

  private void look(Exchange exchange, Tokens.Holder holder) throws IOException {
    exchange.respond(has(holder, digest(exchange)) ? 200 : 404);
  }

  private void take(Exchange exchange, Tokens.Holder holder) throws IOException {
    var digest = digest(exchange);
    var length = exchange.bodyLength();
    if (length.isPresent() && length.get() > largest) {
      throw tooLarge();
    }
    try (var in = exchange.body(largest);
        var writer = blobs.create()) {
      var size = in.transferTo(writer);
      writer.commit(digest, size);
      if (!holder.isAboveTenants()) {
        notes.add(holder.tenant(), digest);
      }
      metrics.add(Meter.CONTEXT_BYTES, size);
    } catch (DigestMismatchException other) {
      throw new RefusedRequest(
          400,
          Failure.of(
              "digest-mismatch",
              "what came has not the digest " + digest,
              "Upload it again; something on the way changes it."));
    } catch (StorageException full) {
      throw new RefusedRequest(507, full.failure());
    }
    exchange.respond(201);
  }

  private RefusedRequest tooLarge() {
    return new RefusedRequest(
        413,
        Failure.of(
            "context-too-large",
            "this server takes build contexts of at most " + largest + " bytes",
            "Leave out what the build does not need in .dockerignore; the server's setting"
                + " api.context-limit says how much it takes."));
  }

  private static Digest digest(Exchange exchange) {
    try {
      return Digest.parse(exchange.parameter("digest"));
    } catch (IllegalArgumentException none) {
      throw new RefusedRequest(
          400,
          Failure.of(
              "bad-digest",
              "\"" + exchange.parameter("digest") + "\" is no digest",
              "Write sha256: and 64 hexadecimal digits."));
    }
  }
}
