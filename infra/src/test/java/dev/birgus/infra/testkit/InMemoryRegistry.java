package dev.birgus.infra.testkit;

import dev.birgus.infra.blobs.VerifiedInputStream;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.registry.FetchedManifest;
import dev.birgus.infra.registry.Registries;
import dev.birgus.infra.registry.Registry;
import dev.birgus.infra.registry.RegistryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps repositories in memory, and, as real registries do, refuses a manifest of which a blob is
 * missing. What changes it is written down.
 */
public final class InMemoryRegistry implements Registry {

  private static final class Repository {
    final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
    final Map<String, FetchedManifest> manifests = new ConcurrentHashMap<>();
  }

  private final Map<String, Repository> repositories = new ConcurrentHashMap<>();
  private final Set<String> readOnly = ConcurrentHashMap.newKeySet();
  private final List<String> changes = new CopyOnWriteArrayList<>();

  private Repository repository(String name) {
    return repositories.computeIfAbsent(name, _ -> new Repository());
  }

  /** This registry for every host. */
  public Registries forEveryHost() {
    var self = this;
    return new Registries() {
      @Override
      public Registry push(String host) {
        return self;
      }

      @Override
      public Registry pull(String host) {
        return self;
      }
    };
  }

  /** Refuses pushes to a repository from now on. */
  public void refusePushesTo(String repository) {
    readOnly.add(repository);
  }

  /**
   * What was changed, in order: {@code upload repo digest}, {@code mount repo digest}, {@code tag
   * repo reference}.
   */
  public List<String> changes() {
    return List.copyOf(changes);
  }

  /** The tags of a repository, with the digests they point to. */
  public Map<String, Digest> tags(String repository) {
    var tags = new TreeMap<String, Digest>();
    repository(repository)
        .manifests
        .forEach((reference, manifest) -> {
          if (!reference.contains(":")) {
            tags.put(reference, manifest.digest());
          }
        });
    return tags;
  }

  @Override
  public Optional<Descriptor> headManifest(String repository, String reference) {
    return manifest(repository, reference)
        .map(found -> Descriptor.of(found.mediaType(), found.digest(), found.bytes().length));
  }

  @Override
  public Optional<FetchedManifest> manifest(String repository, String reference) {
    return Optional.ofNullable(repository(repository).manifests.get(reference));
  }

  @Override
  public List<String> tagNames(String repository) {
    return List.copyOf(tags(repository).keySet());
  }

  @Override
  public List<Descriptor> referrers(String repository, Digest subject) {
    return repository(repository).manifests.values().stream()
        .distinct()
        .filter(manifest ->
            JsonText.parseObject(manifest.bytes())
                .object("subject")
                .string("digest")
                .filter(subject.toString()::equals)
                .isPresent())
        .map(InMemoryRegistry::referrer)
        .toList();
  }

  private static Descriptor referrer(FetchedManifest manifest) {
    var json = JsonText.parseObject(manifest.bytes());
    var members = Json.Obj.EMPTY;
    var type = json.string("artifactType").or(() -> json.object("config").string("mediaType"));
    if (type.isPresent()) {
      members = members.with("artifactType", Json.of(type.get()));
    }
    if (json.get("annotations").isPresent()) {
      members = members.with("annotations", json.object("annotations"));
    }
    return new Descriptor(
        manifest.mediaType(), manifest.digest(), manifest.bytes().length, members);
  }

  @Override
  public boolean hasBlob(String repository, Digest digest) {
    return repository(repository).blobs.containsKey(digest);
  }

  @Override
  public InputStream blob(String repository, Descriptor blob) throws IOException {
    var bytes = repository(repository).blobs.get(blob.digest());
    if (bytes == null) {
      throw refusal("image-not-found", "read " + blob.digest(), "the registry has no such thing");
    }
    return new VerifiedInputStream(new ByteArrayInputStream(bytes), blob.digest(), blob.size());
  }

  @Override
  public boolean mountBlob(String repository, Digest digest, String fromRepository)
      throws IOException {
    refuseReadOnly(repository);
    var bytes = repository(fromRepository).blobs.get(digest);
    if (bytes == null) {
      return false;
    }
    repository(repository).blobs.put(digest, bytes);
    changes.add("mount " + repository + " " + digest);
    return true;
  }

  @Override
  public void pushBlob(String repository, Descriptor blob, BlobContent content) throws IOException {
    refuseReadOnly(repository);
    try (var input = new VerifiedInputStream(content.open(), blob.digest(), blob.size())) {
      repository(repository).blobs.put(blob.digest(), input.readAllBytes());
    } catch (dev.birgus.infra.blobs.DigestMismatchException mismatch) {
      throw refusal("registry-error", "upload " + blob.digest(), "DIGEST_INVALID");
    }
    changes.add("upload " + repository + " " + blob.digest());
  }

  @Override
  public Descriptor pushBlob(String repository, MediaType mediaType, BlobContent content)
      throws IOException {
    refuseReadOnly(repository);
    try (var input = content.open()) {
      var bytes = input.readAllBytes();
      var blob = Descriptor.of(mediaType, Digest.sha256(bytes), bytes.length);
      repository(repository).blobs.put(blob.digest(), bytes);
      changes.add("upload " + repository + " " + blob.digest());
      return blob;
    }
  }

  @Override
  public void pushManifest(String repository, String reference, MediaType mediaType, byte[] bytes)
      throws IOException {
    refuseReadOnly(repository);
    if (mediaType.isManifest()) {
      refuseMissingBlobs(repository, JsonText.parseObject(bytes));
    }
    var manifest = new FetchedManifest(mediaType, bytes);
    repository(repository).manifests.put(manifest.digest().toString(), manifest);
    repository(repository).manifests.put(reference, manifest);
    changes.add("tag " + repository + " " + reference);
  }

  private void refuseMissingBlobs(String repository, Json.Obj manifest) throws IOException {
    var blobs = new java.util.ArrayList<>(manifest.array("layers"));
    blobs.add(manifest.object("config"));
    for (var blob : blobs) {
      var digest = Descriptor.fromJson(blob).digest();
      if (!hasBlob(repository, digest)) {
        throw refusal("registry-error", "write the manifest", "blob unknown: " + digest);
      }
    }
  }

  @Override
  public void checkPush(String repository) throws IOException {
    refuseReadOnly(repository);
  }

  private void refuseReadOnly(String repository) throws IOException {
    if (readOnly.contains(repository)) {
      throw refusal("registry-denied", "push to " + repository, "denied");
    }
  }

  private static RegistryException refusal(String name, String what, String why) {
    return new RegistryException(Failure.of(name, "cannot " + what + ": " + why, ""));
  }
}
