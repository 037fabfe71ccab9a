package dev.birgus.pusher.samples;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.registry.FetchedManifest;
import dev.birgus.infra.registry.Registries;
import dev.birgus.infra.registry.Registry;
import dev.birgus.infra.registry.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * A registry in memory, for every host, that now and then fails or loses a blob, and writes down
 * what nobody should do: send a blob that is there or on its way, or name one that is not.
 */
public final class StrictRegistry implements Registry, Registries {

  private final Random random;
  private final int troubleInHundred;
  private final Set<String> blobs = ConcurrentHashMap.newKeySet();
  private final Set<String> sessions = ConcurrentHashMap.newKeySet();
  private final List<String> tags = new CopyOnWriteArrayList<>();
  private final List<String> uploads = new CopyOnWriteArrayList<>();
  private final List<String> offences = new CopyOnWriteArrayList<>();

  /**
   * A registry that is empty.
   *
   * @param troubleInHundred how many requests of a hundred fail
   */
  public StrictRegistry(long seed, int troubleInHundred) {
    this.random = new Random(seed);
    this.troubleInHundred = troubleInHundred;
  }

  /** What was done that nobody should do. */
  public List<String> offences() {
    return List.copyOf(offences);
  }

  /** Something else that should not have happened. */
  public void offence(String what) {
    offences.add(what);
  }

  /** The uploads that have begun and have not ended. */
  public Set<String> sessions() {
    return Set.copyOf(sessions);
  }

  /** The tags in the order they were moved: {@code REPOSITORY:TAG}. */
  public List<String> tags() {
    return List.copyOf(tags);
  }

  /** What was sent: {@code REPOSITORY@DIGEST}. */
  public List<String> uploads() {
    return List.copyOf(uploads);
  }

  @Override
  public Registry push(String host) {
    return this;
  }

  @Override
  public Registry pull(String host) {
    return this;
  }

  @Override
  public Optional<Descriptor> headManifest(String repository, String reference) {
    return Optional.empty();
  }

  @Override
  public Optional<FetchedManifest> manifest(String repository, String reference) {
    return Optional.empty();
  }

  @Override
  public boolean hasBlob(String repository, Digest digest) throws IOException {
    trouble();
    return blobs.contains(repository + "@" + digest);
  }

  @Override
  public InputStream blob(String repository, Descriptor blob) throws IOException {
    throw new IOException("nobody pulls here");
  }

  @Override
  public boolean mountBlob(String repository, Digest digest, String fromRepository)
      throws IOException {
    trouble();
    return blobs.contains(fromRepository + "@" + digest) && blobs.add(repository + "@" + digest);
  }

  @Override
  public void pushBlob(String repository, Descriptor blob, BlobContent content) throws IOException {
    var name = repository + "@" + blob.digest();
    if (blobs.contains(name) || !sessions.add(name)) {
      offences.add("sent twice: " + name);
    }
    try (var in = content.open()) {
      for (var pause = pick(5); pause > 0; pause--) {
        breathe();
      }
      trouble();
      if (!Digest.sha256(in.readAllBytes()).equals(blob.digest())) {
        offences.add("other bytes than promised: " + name);
      }
      uploads.add(name);
      blobs.add(name);
    } finally {
      sessions.remove(name);
    }
  }

  private static void breathe() throws IOException {
    LockSupport.parkNanos(1);
    if (Thread.interrupted()) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void pushManifest(String repository, String reference, MediaType mediaType, byte[] bytes)
      throws IOException {
    breathe();
    var manifest = JsonText.parseObject(bytes);
    var named = new ArrayList<>(manifest.array("layers"));
    named.add(manifest.object("config"));
    if (pick(100) < troubleInHundred) {
      var digest = Descriptor.fromJson(named.get(pick(named.size()))).digest();
      blobs.remove(repository + "@" + digest);
    }
    for (var each : named) {
      var digest = Descriptor.fromJson(each).digest();
      if (!blobs.contains(repository + "@" + digest)) {
        throw new RegistryException(Failure.of("registry-error", "blob unknown", ""));
      }
    }
    tags.add(repository + ":" + reference);
  }

  @Override
  public void checkPush(String repository) {}

  private void trouble() throws IOException {
    breathe();
    if (pick(100) < troubleInHundred) {
      throw new RegistryException(Failure.of("registry-error", "not today", ""));
    }
  }

  private int pick(int bound) {
    synchronized (random) {
      return random.nextInt(bound);
    }
  }

  @Override
  public List<String> tagNames(String repository) {
    throw new AssertionError("the pusher lists no tags");
  }

  @Override
  public List<Descriptor> referrers(String repository, Digest subject) {
    throw new AssertionError("the pusher lists no referrers");
  }

  @Override
  public Descriptor pushBlob(String repository, MediaType mediaType, BlobContent content) {
    throw new AssertionError("the pusher knows what it sends");
  }
}
