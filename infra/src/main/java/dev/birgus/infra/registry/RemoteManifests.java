package dev.birgus.infra.registry;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;

/** Manifests and indexes of a registry, by tag and by digest. */
final class RemoteManifests {

  private static final int LARGEST = 4 << 20;
  private static final String ACCEPTED =
      String.join(
          ", ",
          MediaType.OCI_INDEX.value(),
          MediaType.OCI_MANIFEST.value(),
          MediaType.DOCKER_INDEX.value(),
          MediaType.DOCKER_MANIFEST.value());

  private record Head(boolean missing, Optional<Descriptor> manifest) {}

  private final RegistryCalls calls;
  private final RetryPolicy retries;
  private final RegistryFailures failures;

  RemoteManifests(RegistryCalls calls, RetryPolicy retries) {
    this.calls = calls;
    this.retries = retries;
    this.failures = calls.failures();
  }

  Optional<Descriptor> head(String repository, String reference) throws IOException {
    var what = "read the manifest of " + calls.named(repository, reference);
    var head =
        retries.run(() -> {
          try (var answer = calls.session().send(reading(what, "HEAD", repository, reference))) {
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
    return get(repository, reference)
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

  Optional<FetchedManifest> get(String repository, String reference) throws IOException {
    var what = "read the manifest of " + calls.named(repository, reference);
    return retries.run(() -> {
      try (var answer = calls.session().send(reading(what, "GET", repository, reference))) {
        if (answer.status() == 404 && !answer.isPage()) {
          return Optional.empty();
        }
        if (!answer.successful()) {
          throw failures.refused(what, answer);
        }
        return Optional.of(fetched(what, reference, answer));
      }
    });
  }

  private Call reading(String what, String method, String repository, String reference)
      throws IOException {
    return calls.call(what, method, repository, "/manifests/" + reference).with("Accept", ACCEPTED);
  }

  private FetchedManifest fetched(String what, String reference, Answer answer) throws IOException {
    if (answer.isPage()) {
      throw failures.page(what);
    }
    var bytes = read(what, answer);
    if (reference.contains(":")) {
      verify(what, Digest.parse(reference), bytes);
    }
    return new FetchedManifest(mediaType(what, answer.contentType(), bytes), bytes);
  }

  private byte[] read(String what, Answer answer) throws IOException {
    byte[] bytes;
    try {
      bytes = answer.body().readNBytes(LARGEST + 1);
    } catch (IOException broken) {
      throw failures.network(what, broken);
    }
    if (bytes.length > LARGEST) {
      throw failures.nonsense(
          what, "it is larger than 4 MiB", "no image has such a manifest: check registry and name");
    }
    return bytes;
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

  /** What the bytes are: the registry's word, or, where it says nothing of use, their own. */
  private MediaType mediaType(String what, String contentType, byte[] bytes) throws IOException {
    Json.Obj json;
    try {
      json = JsonText.parseObject(bytes);
    } catch (JsonSyntaxException _) {
      throw failures.nonsense(
          what, "it answered with something that is no manifest", "check registry and name");
    }
    var declared = new MediaType(contentType);
    if (declared.isManifest() || declared.isIndex()) {
      return declared;
    }
    var own = json.string("mediaType");
    if (own.isPresent()) {
      return new MediaType(own.get());
    }
    return contentType.startsWith("application/vnd.") ? declared : shape(json).orElse(declared);
  }

  private static Optional<MediaType> shape(Json.Obj json) {
    if (json.get("manifests").isPresent()) {
      return Optional.of(MediaType.OCI_INDEX);
    }
    return json.get("layers").isPresent() ? Optional.of(MediaType.OCI_MANIFEST) : Optional.empty();
  }

  /**
   * Writes a manifest. A tag that cannot be moved and is where it should be needs no moving: that
   * is a job that runs again.
   *
   * @return whether the registry says that it has seen the manifest's subject
   */
  boolean put(String repository, String reference, MediaType mediaType, byte[] bytes)
      throws IOException {
    var what = "write the manifest of " + calls.named(repository, reference);
    try {
      return putOnce(what, repository, reference, mediaType, bytes);
    } catch (RegistryException refused) {
      if (!refused.failure().name().equals("tag-immutable")
          || !isThere(repository, reference, bytes)) {
        throw refused;
      }
      return true;
    }
  }

  private boolean isThere(String repository, String reference, byte[] bytes) throws IOException {
    var digest = Digest.sha256(bytes);
    return head(repository, reference)
        .filter(manifest -> manifest.digest().equals(digest))
        .isPresent();
  }

  private boolean putOnce(
      String what, String repository, String reference, MediaType mediaType, byte[] bytes)
      throws IOException {
    return retries.run(() -> {
      var call =
          calls
              .call(what, "PUT", repository, "/manifests/" + reference)
              .with("Content-Type", mediaType.value())
              .sending(new Call.Body.Bytes(bytes));
      try (var answer = calls.session().send(call)) {
        if (!answer.successful()) {
          throw failures.refused(what, answer);
        }
        return answer.header("OCI-Subject").isPresent();
      }
    });
  }
}
