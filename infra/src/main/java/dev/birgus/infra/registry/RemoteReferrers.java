package dev.birgus.infra.registry;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageIndex;
import dev.birgus.infra.oci.MediaType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The manifests that say they are about another one: signatures, attestations. Registries that
 * cannot list them keep the list under a tag, which their clients write (OCI distribution
 * specification 1.1, "referrers tag schema").
 */
final class RemoteReferrers {

  private final RegistryCalls calls;
  private final RegistryPages pages;
  private final RemoteManifests manifests;

  RemoteReferrers(RegistryCalls calls, RetryPolicy retries, RemoteManifests manifests) {
    this.calls = calls;
    this.pages = new RegistryPages(calls, retries);
    this.manifests = manifests;
  }

  /** What refers to a manifest. */
  List<Descriptor> list(String repository, Digest subject) throws IOException {
    var what = "list what refers to " + calls.named(repository, subject.toString());
    var listed = new ArrayList<Descriptor>();
    var known =
        pages.read(
            what,
            repository,
            "/referrers/" + subject,
            page -> listed.addAll(descriptors(what, page)));
    return known ? List.copyOf(listed) : tagged(repository, subject).manifests();
  }

  private List<Descriptor> descriptors(String what, Json.Obj page) throws IOException {
    try {
      return page.array("manifests").stream().map(Descriptor::fromJson).toList();
    } catch (IllegalArgumentException broken) {
      throw calls.failures().nonsense(what, "its list is broken: " + broken.getMessage(), "");
    }
  }

  private ImageIndex tagged(String repository, Digest subject) throws IOException {
    var found = manifests.get(repository, tag(subject));
    if (found.isEmpty() || !found.get().mediaType().isIndex()) {
      return new ImageIndex(MediaType.OCI_INDEX, List.of(), Json.Obj.EMPTY);
    }
    try {
      return ImageIndex.parse(found.get().bytes(), found.get().mediaType());
    } catch (IllegalArgumentException broken) {
      throw calls
          .failures()
          .nonsense(
              "list what refers to " + calls.named(repository, subject.toString()),
              "its list is broken: " + broken.getMessage(),
              "");
    }
  }

  private static String tag(Digest subject) {
    return subject.algorithm() + "-" + subject.hex();
  }

  /**
   * Adds a manifest that was written to the list of its subject, for a registry that does not do so
   * itself. Nothing keeps two clients from doing that at the same time: the later one wins.
   */
  void add(String repository, MediaType mediaType, byte[] bytes) throws IOException {
    var json = JsonText.parseObject(bytes);
    var subject = subject(json);
    if (subject.isEmpty() || isListedByRegistry(repository, subject.get())) {
      return;
    }
    var own = descriptor(json, mediaType, bytes);
    var index = tagged(repository, subject.get());
    if (index.manifests().stream().anyMatch(each -> each.digest().equals(own.digest()))) {
      return;
    }
    var all = new ArrayList<>(index.manifests());
    all.add(own);
    var written = new ImageIndex(MediaType.OCI_INDEX, all, index.other());
    manifests.put(repository, tag(subject.get()), MediaType.OCI_INDEX, written.toBytes());
  }

  private boolean isListedByRegistry(String repository, Digest subject) throws IOException {
    var what = "list what refers to " + calls.named(repository, subject.toString());
    return pages.read(what, repository, "/referrers/" + subject, _ -> {});
  }

  /** What a manifest says it is about. */
  static Optional<Digest> subject(Json.Obj manifest) {
    try {
      return manifest.object("subject").string("digest").map(Digest::parse);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** What a manifest says it is about; empty for bytes that are no manifest. */
  static Optional<Digest> subject(byte[] manifest) {
    try {
      return subject(JsonText.parseObject(manifest));
    } catch (JsonSyntaxException _) {
      return Optional.empty();
    }
  }

  private static Descriptor descriptor(Json.Obj manifest, MediaType mediaType, byte[] bytes) {
    var members = Json.Obj.EMPTY;
    var type =
        manifest
            .string("artifactType")
            .filter(text -> !text.isEmpty())
            .or(() -> manifest.object("config").string("mediaType"));
    if (type.isPresent()) {
      members = members.with("artifactType", Json.of(type.get()));
    }
    var annotations = manifest.get("annotations");
    if (annotations.isPresent()) {
      members = members.with("annotations", annotations.get());
    }
    return new Descriptor(mediaType, Digest.sha256(bytes), bytes.length, members);
  }
}
