package dev.birgus.pusher.samples;

import dev.birgus.infra.contracts.Failure;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A registry in memory that remembers, in order, what was written to it, and refuses what it was
 * told to refuse. It answers for every host.
 */
public final class ObservedRegistry implements Registry, Registries {

  private final Map<String, Set<Digest>> blobs = new ConcurrentHashMap<>();
  private final List<String> writes = new CopyOnWriteArrayList<>();
  private final Map<String, Failure> refusals = new ConcurrentHashMap<>();
  private final AtomicInteger uploading = new AtomicInteger();
  private final AtomicInteger mostUploading = new AtomicInteger();
  private final Map<String, Failure> refusedOnce = new ConcurrentHashMap<>();
  private final CountDownLatch refused = new CountDownLatch(1);
  private final CountDownLatch stuck = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final Map<String, Descriptor> tags = new ConcurrentHashMap<>();
  private volatile Optional<String> waiting = Optional.empty();
  private volatile Optional<Digest> hanging = Optional.empty();
  private volatile Optional<Loss> losing = Optional.empty();

  /** Holds this blob already. */
  public ObservedRegistry holding(String repository, Digest digest) {
    blobs.computeIfAbsent(repository, _ -> ConcurrentHashMap.newKeySet()).add(digest);
    return this;
  }

  /** Holds this blob no more. */
  public void drop(String repository, Digest digest) {
    blobs.getOrDefault(repository, new HashSet<>()).remove(digest);
  }

  /** Refuses this write, written as {@link #writes} has it, with this message. */
  public ObservedRegistry refusing(String write, String message) {
    refusals.put(write, Failure.of("refused", message, "Ask for permission."));
    return this;
  }

  /** Refuses this write the first time it is asked for. */
  public ObservedRegistry refusingOnce(String write, String message) {
    refusedOnce.put(write, Failure.of("refused", message, ""));
    return this;
  }

  /** Waits until a write was refused that is refused once. */
  public void awaitRefusal() throws InterruptedException {
    refused.await();
  }

  /** Loses this blob when it is asked for a manifest for the first time. */
  public ObservedRegistry losing(String repository, Digest digest) {
    losing = Optional.of(new Loss(repository, digest));
    return this;
  }

  private record Loss(String repository, Digest digest) {}

  /** Never ends the upload of this blob. */
  public ObservedRegistry hangingAt(Digest digest) {
    hanging = Optional.of(digest);
    return this;
  }

  /** Does not come to the end of this write before it is told to. */
  public ObservedRegistry waitingAt(String write) {
    waiting = Optional.of(write);
    return this;
  }

  /** Goes on where it waits. */
  public void release() {
    released.countDown();
  }

  /** Waits until an upload or a write hangs. */
  public void awaitHanging() throws InterruptedException {
    stuck.await();
  }

  /**
   * What was written: {@code mount REPOSITORY DIGEST FROM}, {@code push REPOSITORY DIGEST}, {@code
   * tag REPOSITORY REFERENCE}, {@code check REPOSITORY}; digests by their first twelve digits.
   */
  public List<String> writes() {
    return List.copyOf(writes);
  }

  /** The largest number of uploads there was at a time. */
  public int mostUploading() {
    return mostUploading.get();
  }

  @Override
  public Registry push(String host) {
    return this;
  }

  @Override
  public Registry pull(String host) {
    throw new AssertionError("the pusher pulls through image sources");
  }

  @Override
  public Optional<Descriptor> headManifest(String repository, String reference) {
    return Optional.ofNullable(tags.get(repository + " " + reference));
  }

  @Override
  public Optional<FetchedManifest> manifest(String repository, String reference) {
    return Optional.empty();
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
  public boolean hasBlob(String repository, Digest digest) {
    return blobs.getOrDefault(repository, Set.of()).contains(digest);
  }

  @Override
  public InputStream blob(String repository, Descriptor blob) {
    throw new AssertionError("the pusher pulls through image sources");
  }

  @Override
  public boolean mountBlob(String repository, Digest digest, String fromRepository)
      throws IOException {
    write("mount " + repository + " " + digest.brief() + " " + fromRepository);
    if (hasBlob(fromRepository, digest)) {
      holding(repository, digest);
      return true;
    }
    return false;
  }

  @Override
  public void pushBlob(String repository, Descriptor blob, BlobContent content) throws IOException {
    mostUploading.accumulateAndGet(uploading.incrementAndGet(), Math::max);
    try (var in = content.open()) {
      hang(blob.digest());
      var bytes = in.readAllBytes();
      if (!Digest.sha256(bytes).equals(blob.digest())) {
        throw new IOException("other bytes than promised");
      }
      write("push " + repository + " " + blob.digest().brief());
      holding(repository, blob.digest());
    } finally {
      uploading.decrementAndGet();
    }
  }

  @Override
  public Descriptor pushBlob(String repository, MediaType mediaType, BlobContent content) {
    throw new AssertionError("the pusher knows what it sends");
  }

  @Override
  public void pushManifest(String repository, String reference, MediaType mediaType, byte[] bytes)
      throws IOException {
    if (losing.isPresent()) {
      blobs.getOrDefault(losing.get().repository(), new HashSet<>()).remove(losing.get().digest());
      losing = Optional.empty();
      throw new RegistryException(Failure.of("registry-error", "blob unknown", ""));
    }
    var write = "tag " + repository + " " + reference;
    if (waiting.filter(write::equals).isPresent()) {
      stuck.countDown();
      await(released);
    }
    write(write);
    tags.put(
        repository + " " + reference, Descriptor.of(mediaType, Digest.sha256(bytes), bytes.length));
  }

  @Override
  public void checkPush(String repository) throws IOException {
    write("check " + repository);
  }

  private void hang(Digest digest) throws IOException {
    if (hanging.filter(digest::equals).isPresent()) {
      stuck.countDown();
      await(new CountDownLatch(1));
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException ended) {
      throw new InterruptedIOException("it was interrupted");
    }
  }

  private void write(String write) throws RegistryException {
    var once = refusedOnce.remove(write);
    if (once != null) {
      refused.countDown();
      throw new RegistryException(once);
    }
    var refusal = refusals.get(write);
    if (refusal != null) {
      throw new RegistryException(refusal);
    }
    writes.add(write);
  }
}
