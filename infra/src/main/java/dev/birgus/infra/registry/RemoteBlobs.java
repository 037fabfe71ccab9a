package dev.birgus.infra.registry;

import dev.birgus.infra.blobs.VerifiedInputStream;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Blobs of a registry: whether they are there, their bytes, and taking them over. */
final class RemoteBlobs {

  private final RegistryCalls calls;
  private final RetryPolicy retries;
  private final RegistryFailures failures;

  RemoteBlobs(RegistryCalls calls, RetryPolicy retries) {
    this.calls = calls;
    this.retries = retries;
    this.failures = calls.failures();
  }

  boolean has(String repository, Digest digest) throws IOException {
    var what = "look for " + digest + " in " + calls.named(repository);
    return retries.run(() -> {
      var call = calls.call(what, "HEAD", repository, "/blobs/" + digest);
      try (var answer = calls.session().send(call)) {
        // Storage behind the registry may refuse a HEAD: then the blob is as good as missing.
        if (answer.status() == 404 || (!answer.own() && !answer.successful())) {
          return false;
        }
        if (!answer.successful()) {
          throw failures.refused(what, answer);
        }
        return true;
      }
    });
  }

  InputStream open(String repository, Descriptor blob) throws IOException {
    var place = calls.named(repository);
    var what = "read " + blob.digest() + " of " + place;
    BlobDownload.Source source = offset -> openAt(what, repository, blob.digest(), offset);
    var first = retries.run(() -> source.from(0));
    var download = new BlobDownload(first, source, retries, failures, what);
    return new VerifiedInputStream(download, blob.digest(), blob.size(), place);
  }

  private Answer openAt(String what, String repository, Digest digest, long offset)
      throws IOException {
    var call = calls.call(what, "GET", repository, "/blobs/" + digest);
    var answer =
        calls.session().send(offset == 0 ? call : call.with("Range", "bytes=" + offset + "-"));
    var gives = answer.status() == 200 || (offset > 0 && answer.status() == 206);
    if (gives && !answer.isPage()) {
      return answer;
    }
    try (answer) {
      if (gives) {
        throw failures.page(what);
      }
      throw answer.status() == 404 ? failures.missing(what) : failures.refused(what, answer);
    }
  }

  boolean mount(String repository, Digest digest, String fromRepository) throws IOException {
    var what = "mount " + digest + " into " + calls.named(repository);
    return retries.run(() -> {
      var path = "/blobs/uploads/?mount=" + digest + "&from=" + fromRepository;
      var call = calls.call(what, "POST", repository, path);
      var scopes = List.of(call.scopes().getFirst(), "repository:" + fromRepository + ":pull");
      var both =
          new Call(what, "POST", call.uri(), repository, scopes, call.headers(), call.body());
      try (var answer = calls.session().send(both)) {
        if (answer.status() == 202) {
          UploadSession.cancel(calls, call, answer);
        }
        if (answer.status() == 408
            || answer.status() == 429
            || RegistryFailures.isServersFault(answer.status())) {
          throw failures.refused(what, answer);
        }
        return answer.status() == 201;
      }
    });
  }
}
