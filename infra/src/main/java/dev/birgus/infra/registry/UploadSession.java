package dev.birgus.infra.registry;

import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An upload that a registry has begun for us: it takes bytes, and ends with their digest or is
 * given up.
 */
final class UploadSession {

  private final RegistryCalls calls;
  private final RegistryFailures failures;
  private final Call begun;
  private final long leastChunk;
  private URI place;

  private UploadSession(RegistryCalls calls, Call begun, URI place, long leastChunk) {
    this.calls = calls;
    this.failures = calls.failures();
    this.begun = begun;
    this.place = place;
    this.leastChunk = leastChunk;
  }

  /** Begins an upload. */
  static UploadSession begin(RegistryCalls calls, String what, String repository)
      throws IOException {
    var call = calls.call(what, "POST", repository, "/blobs/uploads/");
    try (var answer = calls.session().send(call)) {
      if (!answer.successful()) {
        throw calls.failures().refused(what, answer);
      }
      var least = answer.headers().firstValue("OCI-Chunk-Min-Length").orElse("");
      return new UploadSession(
          calls,
          call,
          calls.session().location(answer, what),
          least.matches("\\d{1,12}") ? Long.parseLong(least) : 0);
    }
  }

  /** How many bytes a piece has at least where the registry wants pieces; 0 if it does not. */
  long leastChunk() {
    return leastChunk;
  }

  /**
   * Sends bytes.
   *
   * @param range which ones of the blob they are, if they are not all: {@code 0-99}
   */
  void send(Call.Body.Stream bytes, Optional<String> range) throws IOException {
    var patch =
        begun.as("PATCH").at(place).with("Content-Type", "application/octet-stream").sending(bytes);
    var ranged = range.map(text -> patch.with("Content-Range", text)).orElse(patch);
    try (var answer = calls.session().send(ranged)) {
      if (!answer.successful()) {
        throw refused(answer);
      }
      place = calls.session().location(answer, begun.what());
    }
  }

  /** Says what the bytes hash to, which makes a blob of them. */
  void finish(Digest digest) throws IOException {
    var separator = place.getRawQuery() == null ? "?" : "&";
    var query = separator + "digest=" + digest.toString().replace(":", "%3A");
    try (var answer = calls.session().send(begun.as("PUT").at(URI.create(place + query)))) {
      if (!answer.successful()) {
        throw refused(answer);
      }
    }
  }

  /** A registry that lost an upload's session is asked for another one. */
  private IOException refused(Answer answer) {
    var refusal = failures.refused(begun.what(), answer);
    return answer.status() == 404 && refusal instanceof RegistryException last
        ? new TransientFailure(last, Optional.empty(), true)
        : refusal;
  }

  /** How many bytes the registry says it has; empty where it does not say so. */
  OptionalLong received() {
    try (var answer = calls.session().send(begun.as("GET").at(place))) {
      var range = answer.header("Range").orElse("").strip();
      var dash = range.lastIndexOf('-');
      if (answer.status() != 204 || dash < 0) {
        return OptionalLong.empty();
      }
      var last = Long.parseLong(range.substring(dash + 1));
      if (answer.header("Location").isPresent()) {
        place = calls.session().location(answer, begun.what());
      }
      return OptionalLong.of(last + 1);
    } catch (IOException | NumberFormatException _) {
      return OptionalLong.empty();
    }
  }

  /** Whether the repository has the blob after all, the news of which was lost. */
  boolean hasBecome(Digest digest) {
    try {
      var call = calls.call(begun.what(), "HEAD", begun.repository(), "/blobs/" + digest);
      try (var answer = calls.session().send(call)) {
        return answer.successful();
      }
    } catch (IOException _) {
      return false;
    }
  }

  /** Tells the registry that nothing more will come. */
  void giveUp() {
    AbandonedUpload.delete(calls.session(), begun, place);
  }

  /** Ends an upload that was begun for its own sake. */
  static void cancel(RegistryCalls calls, Call begun, Answer answer) {
    answer.close();
    try (var _ =
        calls
            .session()
            .send(begun.as("DELETE").at(calls.session().location(answer, begun.what())))) {
      // A registry that cannot do so forgets it by itself.
    } catch (IOException _) {
      // As above.
    }
  }
}
