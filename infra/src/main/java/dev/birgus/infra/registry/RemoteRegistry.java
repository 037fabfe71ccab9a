package dev.birgus.infra.registry;

import dev.birgus.infra.blobs.VerifiedInputStream;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A registry at the other end of a connection (OCI distribution specification 1.1). Nothing is
 * connected before the first call.
 */
public final class RemoteRegistry implements Registry {

  private static final int LARGEST_MANIFEST = 4 << 20;
  private static final String ACCEPTED =
      String.join(
          ", ",
          MediaType.OCI_INDEX.value(),
          MediaType.OCI_MANIFEST.value(),
          MediaType.DOCKER_INDEX.value(),
          MediaType.DOCKER_MANIFEST.value());

  private record Head(boolean missing, Optional<Descriptor> manifest) {}

  private final RegistrySession session;
  private final RetryPolicy retries;
  private final Endpoint.Direction direction;
  private final RegistryFailures failures;

  RemoteRegistry(RegistrySession session, RetryPolicy retries, Endpoint.Direction direction) {
    this.session = session;
    this.retries = retries;
    this.direction = direction;
    this.failures = session.failures();
  }

  @Override
  public Optional<Descriptor> headManifest(String repository, String reference) throws IOException {
    var what = "read the manifest of " + named(repository, reference);
    var head =
        retries.run(() -> {
          try (var answer = session.send(manifestCall(what, "HEAD", repository, reference))) {
            if (answer.status() == 404) {
              return new Head(true, Optional.empty());
            }
            if (!answer.successful()) {
              throw failures.refused(what, answer);
            }
            return new Head(false, described(answer));
          }
        });
    if (head.missing() || head.manifest().isPresent()) {
      return head.manifest();
    }
    return manifest(repository, reference)
        .map(whole -> Descriptor.of(whole.mediaType(), whole.digest(), whole.bytes().length));
  }

  /** What a HEAD says; empty if it leaves something out, as some registries do. */
  private static Optional<Descriptor> described(Answer answer) {
    try {
      var digest = answer.header("Docker-Content-Digest").map(Digest::parse);
      var size = answer.headers().firstValueAsLong("Content-Length");
      var type = new MediaType(answer.contentType());
      return digest.isPresent() && size.isPresent() && (type.isManifest() || type.isIndex())
          ? Optional.of(Descriptor.of(type, digest.get(), size.getAsLong()))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<FetchedManifest> manifest(String repository, String reference)
      throws IOException {
    var what = "read the manifest of " + named(repository, reference);
    return retries.run(() -> {
      try (var answer = session.send(manifestCall(what, "GET", repository, reference))) {
        if (answer.status() == 404 && !isPage(answer)) {
          return Optional.empty();
        }
        if (!answer.successful()) {
          throw failures.refused(what, answer);
        }
        return Optional.of(fetched(what, reference, answer));
      }
    });
  }

  private Call manifestCall(String what, String method, String repository, String reference)
      throws IOException {
    return call(what, method, repository, "/manifests/" + reference).with("Accept", ACCEPTED);
  }

  private FetchedManifest fetched(String what, String reference, Answer answer) throws IOException {
    if (isPage(answer)) {
      throw failures.page(what);
    }
    var bytes = read(what, answer);
    if (bytes.length > LARGEST_MANIFEST) {
      throw failures.nonsense(what, "it is larger than 4 MiB", "");
    }
    if (reference.contains(":")) {
      verify(what, Digest.parse(reference), bytes);
    }
    return new FetchedManifest(mediaType(what, answer.contentType(), bytes), bytes);
  }

  private byte[] read(String what, Answer answer) throws IOException {
    try {
      return answer.body().readNBytes(LARGEST_MANIFEST + 1);
    } catch (IOException broken) {
      throw failures.network(what, broken);
    }
  }

  private void verify(String what, Digest expected, byte[] bytes) throws IOException {
    var hash = HexFormat.of().formatHex(expected.newComputation().digest(bytes));
    if (!hash.equals(expected.hex())) {
      throw failures.nonsense(
          what,
          "what the registry sent has the digest " + expected.algorithm() + ":" + hash,
          "somebody between us and the registry, or the registry, changed it");
    }
  }

  private static boolean isPage(Answer answer) {
    return answer.contentType().equalsIgnoreCase("text/html");
  }

  /** What the bytes are: the registry's word, or, where it says nothing of use, their own. */
  private MediaType mediaType(String what, String contentType, byte[] bytes) throws IOException {
    var declared = new MediaType(contentType);
    if (declared.isManifest() || declared.isIndex()) {
      return declared;
    }
    try {
      var json = JsonText.parseObject(bytes);
      var own = json.string("mediaType");
      if (own.isPresent()) {
        return new MediaType(own.get());
      }
      if (contentType.startsWith("application/vnd.")) {
        return declared;
      }
      return shape(json).orElse(declared);
    } catch (JsonSyntaxException _) {
      throw failures.nonsense(
          what, "it answered with something that is no manifest", "check registry and name");
    }
  }

  private static Optional<MediaType> shape(Json.Obj json) {
    if (json.get("manifests").isPresent()) {
      return Optional.of(MediaType.OCI_INDEX);
    }
    return json.get("layers").isPresent() ? Optional.of(MediaType.OCI_MANIFEST) : Optional.empty();
  }

  @Override
  public boolean hasBlob(String repository, Digest digest) throws IOException {
    var what = "look for " + digest + " in " + named(repository);
    return retries.run(() -> {
      try (var answer = session.send(call(what, "HEAD", repository, "/blobs/" + digest))) {
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

  @Override
  public InputStream blob(String repository, Descriptor blob) throws IOException {
    var what = "read " + blob.digest() + " of " + named(repository);
    BlobDownload.Source source = offset -> openBlob(what, repository, blob.digest(), offset);
    var first = retries.run(() -> source.from(0));
    var download = new BlobDownload(first, source, retries, failures, what);
    return new VerifiedInputStream(download, blob.digest(), blob.size());
  }

  private Answer openBlob(String what, String repository, Digest digest, long offset)
      throws IOException {
    var call = call(what, "GET", repository, "/blobs/" + digest);
    var answer = session.send(offset == 0 ? call : call.with("Range", "bytes=" + offset + "-"));
    if (answer.status() == 200 || (offset > 0 && answer.status() == 206)) {
      return answer;
    }
    try (answer) {
      throw answer.status() == 404 ? failures.missing(what) : failures.refused(what, answer);
    }
  }

  @Override
  public boolean mountBlob(String repository, Digest digest, String fromRepository)
      throws IOException {
    var what = "mount " + digest + " into " + named(repository);
    return retries.run(() -> {
      var path = "/blobs/uploads/?mount=" + digest + "&from=" + fromRepository;
      var call = call(what, "POST", repository, path);
      var scopes = List.of(call.scopes().getFirst(), "repository:" + fromRepository + ":pull");
      var both =
          new Call(what, "POST", call.uri(), repository, scopes, call.headers(), call.body());
      try (var answer = session.send(both)) {
        if (answer.status() == 202) {
          cancel(call, answer);
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

  @Override
  public void pushBlob(String repository, Descriptor blob, BlobContent content) throws IOException {
    var what = "upload " + blob.digest() + " to " + named(repository);
    retries.run(() -> {
      uploadOnce(what, repository, blob, content);
      return true;
    });
  }

  /** A whole upload from its beginning: sessions of failed ones are not to be relied on. */
  private void uploadOnce(String what, String repository, Descriptor blob, BlobContent content)
      throws IOException {
    var begin = call(what, "POST", repository, "/blobs/uploads/");
    URI place;
    try (var answer = session.send(begin)) {
      if (!answer.successful()) {
        throw failures.refused(what, answer);
      }
      place = session.location(answer, what);
    }
    try {
      send(what, begin, place, blob, content);
    } catch (InterruptedIOException ended) {
      AbandonedUpload.delete(session, begin, place);
      throw ended;
    }
  }

  private void send(String what, Call begin, URI begun, Descriptor blob, BlobContent content)
      throws IOException {
    var place = begun;
    var patch =
        begin
            .as("PATCH")
            .at(place)
            .with("Content-Type", "application/octet-stream")
            .sending(new Call.Body.Stream(content, blob.size()));
    try (var answer = session.send(patch)) {
      if (!answer.successful()) {
        throw uploadRefused(what, answer);
      }
      place = session.location(answer, what);
    }
    var query = place.getRawQuery() == null ? "?" : "&";
    var digest = blob.digest().toString().replace(":", "%3A");
    var finish = begin.as("PUT").at(URI.create(place + query + "digest=" + digest));
    try (var answer = session.send(finish)) {
      if (!answer.successful()) {
        throw uploadRefused(what, answer);
      }
    }
  }

  /** A registry that lost an upload's session is asked for another one. */
  private IOException uploadRefused(String what, Answer answer) {
    var refusal = failures.refused(what, answer);
    return answer.status() == 404 && refusal instanceof RegistryException last
        ? new TransientFailure(last, Optional.empty(), true)
        : refusal;
  }

  @Override
  public void pushManifest(String repository, String reference, MediaType mediaType, byte[] bytes)
      throws IOException {
    var what = "write the manifest of " + named(repository, reference);
    try {
      putManifest(what, repository, reference, mediaType, bytes);
    } catch (RegistryException refused) {
      // A tag that cannot be moved and is where we want it needs no moving: a job that runs again.
      if (!refused.failure().name().equals("tag-immutable")
          || !isThere(repository, reference, bytes)) {
        throw refused;
      }
    }
  }

  private boolean isThere(String repository, String reference, byte[] bytes) throws IOException {
    var digest = Digest.sha256(bytes);
    return headManifest(repository, reference)
        .filter(manifest -> manifest.digest().equals(digest))
        .isPresent();
  }

  private void putManifest(
      String what, String repository, String reference, MediaType mediaType, byte[] bytes)
      throws IOException {
    retries.run(() -> {
      var call =
          call(what, "PUT", repository, "/manifests/" + reference)
              .with("Content-Type", mediaType.value())
              .sending(new Call.Body.Bytes(bytes));
      try (var answer = session.send(call)) {
        if (!answer.successful()) {
          throw failures.refused(what, answer);
        }
        return true;
      }
    });
  }

  @Override
  public void checkPush(String repository) throws IOException {
    var what = "push to " + named(repository);
    retries.run(() -> {
      var call = call(what, "POST", repository, "/blobs/uploads/");
      try (var answer = session.send(call)) {
        if (!answer.successful()) {
          throw failures.refused(what, answer);
        }
        cancel(call, answer);
        return true;
      }
    });
  }

  /** Ends an upload that was begun. A registry that cannot do so forgets it by itself. */
  private void cancel(Call begun, Answer answer) {
    try (var _ = session.send(begun.as("DELETE").at(session.location(answer, begun.what())))) {
      answer.close();
    } catch (IOException _) {
      answer.close();
    }
  }

  private Call call(String what, String method, String repository, String path) throws IOException {
    var actions = direction == Endpoint.Direction.PUSH ? "pull,push" : "pull";
    return new Call(
        what,
        method,
        session.uri("/v2/" + repository + path, what),
        repository,
        List.of("repository:" + repository + ":" + actions),
        Map.of(),
        new Call.Body.None());
  }

  private String named(String repository) {
    return session.registry() + "/" + repository;
  }

  private String named(String repository, String reference) {
    return named(repository) + (reference.contains(":") ? "@" : ":") + reference;
  }
}
