package dev.birgus.infra.registry;

import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.MediaType;
import java.io.IOException;
import java.util.Optional;

/** The upload of a blob that is being made while it is sent. */
final class StreamedUpload {

  private static final long UNKNOWN = -1;

  private final RegistryCalls calls;
  private final RetryPolicy retries;
  private final String repository;

  StreamedUpload(RegistryCalls calls, RetryPolicy retries, String repository) {
    this.calls = calls;
    this.retries = retries;
    this.repository = repository;
  }

  /** Sends it in one piece, each attempt from its beginning. */
  Descriptor send(MediaType mediaType, Registry.BlobContent content) throws IOException {
    var what = "upload a blob to " + calls.named(repository);
    return retries.run(() -> {
      var session = UploadSession.begin(calls, what, repository);
      var measured = new MeasuredContent(content);
      try {
        session.send(new Call.Body.Stream(measured, UNKNOWN), Optional.empty());
        var blob = measured.measured(mediaType);
        session.finish(blob.digest());
        return blob;
      } catch (IOException failed) {
        session.giveUp();
        throw failed;
      }
    });
  }
}
