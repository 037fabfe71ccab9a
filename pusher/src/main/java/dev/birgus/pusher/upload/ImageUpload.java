package dev.birgus.pusher.upload;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.registry.Registries;
import dev.birgus.infra.registry.RegistryException;
import dev.birgus.pusher.content.Interruptions;
import dev.birgus.pusher.content.LayerContent;
import dev.birgus.pusher.image.FinishedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings an image to its destinations, in two halves: first every blob to every repository, then
 * the manifests, by tag, in the order of the destinations. No tag is moved before every blob is
 * everywhere, and none any more once the thread is interrupted.
 */
public final class ImageUpload {

  /** How registries we know say that a tag cannot be overwritten. */
  private static final List<String> IMMUTABLE =
      List.of(
          "The repository has enabled tag immutability",
          "cannot be overwritten because the repository is immutable",
          "cannot be overwritten because the tag is immutable");

  private final Registries registries;
  private final LayerContent content;
  private final UploadSettings settings;
  private final UploadListener listener;

  /** Uploads to these registries of layers from there. */
  public ImageUpload(
      Registries registries,
      LayerContent content,
      UploadSettings settings,
      UploadListener listener) {
    this.registries = requireNonNull(registries, "registries");
    this.content = requireNonNull(content, "content");
    this.settings = requireNonNull(settings, "settings");
    this.listener = requireNonNull(listener, "listener");
  }

  /**
   * Brings the image's layers and configuration to every repository, registries side by side. Where
   * several destinations are tags of one repository, that is done once.
   *
   * @throws FailureException for the first blob that did not get there; the other uploads are ended
   */
  public void uploadBlobs(FinishedImage image, List<ToRegistry> destinations)
      throws InterruptedException {
    for (var destination : destinations) {
      refuseOtherDigest(image, destination);
    }
    var byRegistry = new LinkedHashMap<String, Map<String, ToRegistry>>();
    for (var destination : destinations) {
      byRegistry
          .computeIfAbsent(destination.reference().registry(), _ -> new LinkedHashMap<>())
          .putIfAbsent(destination.reference().repository(), destination);
    }
    var several = byRegistry.values().stream().mapToInt(Map::size).sum() > 1;
    var tasks = new ArrayList<SideBySide.Task>();
    byRegistry.forEach((host, repositories) ->
        tasks.add(() -> fill(image, host, List.copyOf(repositories.values()), several)));
    try {
      SideBySide.run(Math.max(1, tasks.size()), tasks);
    } catch (IOException impossible) {
      throw new IllegalStateException("a repository's failure names its destination", impossible);
    }
  }

  /**
   * Writes the image's manifest under each destination's tag. All its blobs must be there.
   *
   * @throws FailureException for the first destination that refuses; later ones are not tried
   */
  public void tag(FinishedImage image, List<ToRegistry> destinations) throws InterruptedException {
    for (var destination : destinations) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted before " + destination.written());
      }
      tag(image, destination);
    }
  }

  private void tag(FinishedImage image, ToRegistry destination) throws InterruptedException {
    var reference = destination.reference();
    var manifest = image.manifest();
    try {
      registries
          .push(reference.registry())
          .pushManifest(
              reference.repository(),
              reference.tag().orElseGet(reference::digestOrTag),
              manifest.descriptor().mediaType(),
              manifest.bytes());
    } catch (IOException refused) {
      if (!(settings.ignoreImmutableTags() && isImmutable(refused))) {
        throw failed(destination, refused);
      }
      listener.keptImmutable(destination);
    }
    listener.tagged(destination);
  }

  private void fill(
      FinishedImage image, String host, List<ToRegistry> repositories, boolean several)
      throws InterruptedException {
    var registry = registries.push(host);
    var filled = new ArrayList<String>();
    for (var destination : repositories) {
      var upload = new RepositoryUpload(registry, destination, content, listener, several);
      try {
        SideBySide.run(settings.parallelBlobs(), upload.tasks(image, List.copyOf(filled)));
      } catch (IOException | FailureException broken) {
        throw failed(destination, broken);
      }
      filled.add(destination.reference().repository());
    }
  }

  private static FailureException failed(ToRegistry destination, Exception cause)
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
