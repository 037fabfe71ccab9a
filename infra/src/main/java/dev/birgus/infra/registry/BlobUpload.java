package dev.birgus.infra.registry;

import dev.birgus.infra.oci.Descriptor;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The upload of one blob whose digest is known. Where it breaks, it goes on from the byte that the
 * registry says it has come to, and where the registry does not say so, from the beginning.
 */
final class BlobUpload {

  /** So many bytes more, and the attempts count from the start again. */
  private static final long PROGRESS = 1L << 20;

  /** What a piece has where the registry wants pieces, unless it wants larger ones. */
  private static final long CHUNK = 16L << 20;

  private final RegistryCalls calls;
  private final RetryPolicy retries;
  private final String repository;
  private final Descriptor blob;
  private final String what;
  private @Nullable UploadSession session;
  private long offset;
  private boolean resumed;
  private boolean finishing;

  BlobUpload(RegistryCalls calls, RetryPolicy retries, String repository, Descriptor blob) {
    this.calls = calls;
    this.retries = retries;
    this.repository = repository;
    this.blob = blob;
    this.what = "upload " + blob.digest() + " to " + calls.named(repository);
  }

  /** Sends it, with as many attempts as the policy has. What fails is given up. */
  void send(Registry.BlobContent content) throws IOException {
    var done = false;
    try {
      sendPatiently(content);
      done = true;
    } finally {
      var open = session;
      if (!done && open != null) {
        open.giveUp();
      }
    }
  }

  private void sendPatiently(Registry.BlobContent content) throws IOException {
    var attempts = 0;
    var confirmed = 0L;
    while (true) {
      try {
        attempt(content);
        return;
      } catch (TransientFailure failed) {
        attempts++;
        retries.pauseAfter(attempts, failed);
        var open = session;
        if (finishing && open != null && open.hasBecome(blob.digest())) {
          return;
        }
        resume();
        if (resumed && offset - confirmed >= PROGRESS) {
          attempts = 0;
        }
        confirmed = offset;
      } catch (RegistryException refused) {
        attempts++;
        startOver(attempts, refused);
      }
    }
  }

  /** What a registry says it has got may be wrong, and shows as a refusal of the rest. */
  private void startOver(int attempts, RegistryException refused) throws IOException {
    if (!resumed || !refused.failure().name().equals("registry-error")) {
      throw refused;
    }
    retries.pauseAfter(attempts, new TransientFailure(refused, Optional.empty(), true));
    forget();
  }

  private void resume() {
    var open = session;
    var received = open == null ? OptionalLong.empty() : open.received();
    // A range of one byte is what some say who have nothing.
    if (received.isPresent() && received.getAsLong() > 1 && received.getAsLong() <= blob.size()) {
      offset = received.getAsLong();
      resumed = true;
    } else {
      forget();
    }
  }

  private void forget() {
    session = null;
    offset = 0;
    resumed = false;
    finishing = false;
  }

  private void attempt(Registry.BlobContent content) throws IOException {
    var open = session;
    if (open == null) {
      open = UploadSession.begin(calls, what, repository);
      session = open;
      sendPiece(open, content);
    }
    while (offset < blob.size()) {
      sendPiece(open, content);
    }
    finishing = true;
    open.finish(blob.digest());
  }

  private void sendPiece(UploadSession open, Registry.BlobContent content) throws IOException {
    var chunk = open.leastChunk() == 0 ? blob.size() : Math.max(CHUNK, open.leastChunk());
    var end = Math.min(blob.size(), offset + chunk);
    if (offset == 0 && end == blob.size()) {
      open.send(new Call.Body.Stream(content, end), Optional.empty());
    } else {
      var slice = new ContentSlice(content, offset, end);
      open.send(new Call.Body.Stream(slice, slice.length()), Optional.of(offset + "-" + (end - 1)));
    }
    offset = end;
  }
}
