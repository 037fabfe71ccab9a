package dev.birgus.pusher.upload;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.registry.RegistryException;
import dev.birgus.pusher.content.Interruptions;
import dev.birgus.pusher.image.Document;
import dev.birgus.pusher.image.FinishedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings an image to its destinations, in two halves: first every blob to every repository, then
 * the manifests, by tag, in the order of the destinations. A tag is moved when every blob is in its
 * repository; none is moved any more once the thread is interrupted. A destination that fails does
 * not keep the others from getting the image.
 */
public final class ImageUpload {

  /** How registries we know say that a tag cannot be overwritten. */
  private static final List<String> IMMUTABLE =
      List.of(
          "The repository has enabled tag immutability",
          "cannot be overwritten because the repository is immutable",
          "cannot be overwritten because the tag is immutable");

  /** What the lines begin with that tell of other failures than the first. */
  private static final String ALSO = "also ";

  private final BlobUploads uploads;
  private final boolean ignoreImmutableTags;
  private final BuildTraffic traffic;
  private final Fence fence;
  private final Map<String, FailureException> failed = new ConcurrentHashMap<>();

  /**
   * Uploads for a build.
   *
   * @param ignoreImmutableTags whether a registry's refusal to overwrite a tag counts as success
   * @param fence asked before each write of a manifest
   */
  public ImageUpload(
      BlobUploads uploads, boolean ignoreImmutableTags, BuildTraffic traffic, Fence fence) {
    this.uploads = requireNonNull(uploads, "uploads");
    this.ignoreImmutableTags = ignoreImmutableTags;
    this.traffic = requireNonNull(traffic, "traffic");
    this.fence = requireNonNull(fence, "fence");
  }

  /**
   * Brings the image's layers and configuration to every repository. Where several destinations are
   * tags of one repository that is done once; of several repositories of a registry the first gets
   * a blob, and the others take it from there. What fails is told by {@link #tag}.
   *
   * @throws FailureException if a destination is pinned to the digest of another image
   */
  public void uploadBlobs(FinishedImage image, List<ToRegistry> destinations)
      throws InterruptedException {
    for (var destination : destinations) {
      refuseOtherDigest(image, destination);
    }
    var tasks = new ArrayList<SideBySide.Task>();
    for (var repositories : Repositories.byRegistry(destinations)) {
      for (var blob : blobs(image)) {
        tasks.add(() -> upload(blob, repositories));
      }
    }
    try {
      SideBySide.run(Math.max(1, tasks.size()), tasks);
    } catch (IOException impossible) {
      throw new IllegalStateException("what fails is noted, not thrown", impossible);
    }
  }

  private static List<UploadedBlob> blobs(FinishedImage image) {
    var blobs = new ArrayList<UploadedBlob>();
    image.distinctLayers().forEach(layer -> blobs.add(new UploadedBlob.OfLayer(layer)));
    blobs.add(new UploadedBlob.OfDocument(image.config()));
    return blobs;
  }

  private void upload(UploadedBlob blob, List<ToRegistry> repositories)
      throws InterruptedException {
    var siblings = new ArrayList<String>();
    for (var destination : repositories) {
      var repository = destination.reference().repositoryName();
      try {
        if (!failed.containsKey(repository)) {
          uploads.bring(blob, destination, siblings, traffic);
          siblings.add(destination.reference().repository());
        }
      } catch (IOException | FailureException broken) {
        failed.putIfAbsent(repository, failure(destination, broken));
      }
    }
  }

  /**
   * Writes the image's manifest under each destination's tag, unless blobs are missing there.
   *
   * @throws FailureException for the first destination that has not got the image; its output names
   *     the others
   */
  public void tag(FinishedImage image, List<ToRegistry> destinations) throws InterruptedException {
    var failures = new ArrayList<FailureException>();
    for (var destination : destinations) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted before " + destination.written());
      }
      var missing = failed.get(destination.reference().repositoryName());
      if (missing != null) {
        failures.add(PushFailures.pushing(destination, cause(missing)));
        continue;
      }
      try {
        tag(image.manifest(), blobs(image), destination);
      } catch (FailureException refused) {
        failures.add(refused);
      }
    }
    throwIfAny(failures);
  }

  /**
   * Writes an index under each destination's tag, when the images it names are all there.
   *
   * @throws FailureException as for {@link #tag}
   */
  public void tagIndex(Document index, List<ToRegistry> destinations) throws InterruptedException {
    var failures = new ArrayList<FailureException>();
    for (var destination : destinations) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted before " + destination.written());
      }
      try {
        tag(index, List.of(), destination);
      } catch (FailureException refused) {
        failures.add(refused);
      }
    }
    throwIfAny(failures);
  }

  private static Exception cause(FailureException failure) {
    return failure.getCause() instanceof Exception cause ? cause : failure;
  }

  private static void throwIfAny(List<FailureException> failures) {
    if (failures.size() > 1) {
      var first = failures.getFirst().failure();
      var output = new ArrayList<>(first.output());
      failures.stream().skip(1).forEach(each -> output.add(ALSO + each.failure().message()));
      throw new Failure(
              first.name(), first.message(), first.advice(), first.at(), first.exitCode(), output)
          .toException(failures.getFirst());
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private void tag(Document manifest, List<UploadedBlob> blobs, ToRegistry destination)
      throws InterruptedException {
    try {
      write(manifest, blobs, destination);
    } catch (IOException refused) {
      if (!(ignoreImmutableTags && isImmutable(refused))) {
        throw failure(destination, refused);
      }
      traffic.listener().keptImmutable(destination);
    }
    traffic.listener().tagged(destination, manifest.digest());
  }

  private void write(Document manifest, List<UploadedBlob> blobs, ToRegistry destination)
      throws IOException, InterruptedException {
    try {
      writeOnce(manifest, destination);
    } catch (RegistryException refused) {
      if (!refused.failure().name().equals("registry-error") || !repaired(blobs, destination)) {
        throw refused;
      }
      writeOnce(manifest, destination);
    }
  }

  private void writeOnce(Document manifest, ToRegistry destination)
      throws IOException, InterruptedException {
    fence.pass();
    var reference = destination.reference();
    uploads
        .registry(destination)
        .pushManifest(
            reference.repository(),
            reference.tag().orElseGet(reference::digestOrTag),
            manifest.descriptor().mediaType(),
            manifest.bytes());
  }

  /**
   * Brings blobs again that the registry has lost: it may remove what no manifest names yet, and
   * some tell of an upload that is not there later. Returns whether there were any.
   */
  private boolean repaired(List<UploadedBlob> blobs, ToRegistry destination)
      throws IOException, InterruptedException {
    var lost = false;
    for (var blob : blobs) {
      var digest = blob.blob().digest();
      var repository = destination.reference().repository();
      if (!uploads.registry(destination).hasBlob(repository, digest)) {
        lost = true;
        traffic.ledger().forget(BlobPlace.of(destination, digest));
        uploads.bring(blob, destination, List.of(), traffic);
      }
    }
    return lost;
  }

  private static FailureException failure(ToRegistry destination, Exception cause)
      throws InterruptedException {
    if (cause instanceof IOException broken) {
      Interruptions.rethrow(broken);
    }
    return PushFailures.pushing(destination, cause);
  }

  private static boolean isImmutable(IOException refused) {
    if (refused instanceof RegistryException known) {
      var failure = known.failure();
      return failure.name().equals("tag-immutable")
          || IMMUTABLE.stream().anyMatch(failure.message()::contains);
    }
    return false;
  }

  private static void refuseOtherDigest(FinishedImage image, ToRegistry destination) {
    var digest = destination.reference().digest();
    if (digest.isPresent() && !digest.get().equals(image.digest())) {
      throw PushFailures.pushing(
          destination,
          Failure.of(
                  "destination-of-other-digest",
                  "the image has the digest " + image.digest(),
                  "Name a destination by its tag: the digest is known only after the build.")
              .toException());
    }
  }
}
