package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A fact about a build. What each is for, who writes and who reads it: see {@link Topic}. */
public sealed interface Event {

  /** The build it belongs to, which is its key wherever order matters. */
  BuildId build();

  /** Somebody asked for an image. */
  record BuildRequested(BuildId build, BuildRequest request) implements Event {}

  /** Somebody wants it no more. */
  record BuildCancelRequested(BuildId build, String reason) implements Event {}

  /**
   * A stage can run: all it needs is finished.
   *
   * @param attempt from 1; results of an older attempt are ignored
   * @param inputs the results of the stages it needs
   */
  record StageReady(
      BuildId build,
      int attempt,
      Stage stage,
      Map<StageId, StageResult> inputs,
      BuildOptions options)
      implements Event {
    public StageReady {
      requireNonNull(stage, "stage");
      inputs = Map.copyOf(inputs);
      requireNonNull(options, "options");
    }
  }

  /**
   * A node has begun a stage.
   *
   * @param isolation the rung of isolation its commands will run on, by its name; empty if it runs
   *     none, or there is none they could run on
   */
  record StageStarted(
      BuildId build, StageId stage, int attempt, String node, Optional<String> isolation)
      implements Event {
    public StageStarted {
      requireNonNull(isolation, "isolation");
    }

    /** The start of a stage that runs no commands. */
    public StageStarted(BuildId build, StageId stage, int attempt, String node) {
      this(build, stage, attempt, node, Optional.empty());
    }
  }

  /**
   * A layer is complete, in the blob store, and will not change.
   *
   * @param step index of the step in its stage, from 0
   */
  record LayerSealed(BuildId build, StageId stage, int attempt, int step, Layer layer)
      implements Event {}

  /** A stage is done. */
  record StageFinished(BuildId build, StageId stage, int attempt, StageResult result)
      implements Event {}

  /** A stage failed; the steps after the failing one did not run. */
  record StageFailed(BuildId build, StageId stage, int attempt, Failure failure) implements Event {}

  /**
   * The image will go to these registries, if the build comes to its end. Layers may be sent as
   * soon as they are known, manifests and tags may not. Published with the {@link LayerSealed} and
   * the end of the build, and before them.
   *
   * @param stages whose layers the image will have
   * @param layers it has already: those of its base image
   */
  record PushAnnounced(
      BuildId build,
      Set<StageId> stages,
      List<Layer> layers,
      List<Delivery.ToRegistry> destinations)
      implements Event {
    public PushAnnounced {
      stages = Set.copyOf(stages);
      layers = List.copyOf(layers);
      destinations = List.copyOf(destinations);
    }
  }

  /** The image is built and should go to these places. */
  record PushRequested(BuildId build, ImageSpec image, List<String> tags, List<Delivery> deliveries)
      implements Event {
    public PushRequested {
      requireNonNull(image, "image");
      tags = List.copyOf(tags);
      deliveries = List.copyOf(deliveries);
    }
  }

  /**
   * A registry has a blob of the image.
   *
   * @param how whether it had it, took it from another repository, or received it
   */
  record BlobPushed(BuildId build, Delivery destination, Descriptor blob, Presence how)
      implements Event {
    /** How a registry came by a blob. */
    public enum Presence {
      EXISTED,
      MOUNTED,
      UPLOADED
    }
  }

  /** One delivery is complete: a tag points to the manifest, or a file is in place. */
  record DeliveryFinished(BuildId build, Delivery delivery, Digest manifest) implements Event {}

  /**
   * Every delivery is complete.
   *
   * @param size of the compressed layers, in bytes
   */
  record ImagePushed(BuildId build, Digest manifest, long size) implements Event {}

  /** A delivery failed. Deliveries it had no part in may have been made. */
  record PushFailed(BuildId build, Failure failure) implements Event {}

  /** The Dockerfile is understood, and these are the stages that will run. */
  record BuildPlanned(BuildId build, Plan plan) implements Event {}

  /** The end of a build that gave an image. */
  record BuildSucceeded(BuildId build, Digest manifest, long size) implements Event {}

  /** The end of a build that did not. */
  record BuildFailed(BuildId build, Failure failure) implements Event {}

  /** The end of a build that was cancelled. */
  record BuildCancelled(BuildId build, String reason) implements Event {}

  /** A step begins. */
  record StepStarted(BuildId build, StageId stage, int step) implements Event {}

  /** A step is done, its layer perhaps still being packed. */
  record StepFinished(BuildId build, StageId stage, int step, Duration took) implements Event {}

  /**
   * Bytes have moved; sent a few times a second at most, and when a transfer ends.
   *
   * @param name of what moves, unique in the build: a digest or a file
   * @param done bytes so far
   * @param total bytes in all; empty if not known
   */
  record TransferProgressed(
      BuildId build, Transfer kind, String name, long done, Optional<Long> total) implements Event {
    /** What happens to the bytes. */
    public enum Transfer {
      DOWNLOAD,
      UNPACK,
      PACK,
      UPLOAD,
      /** It was there already: nothing moved. */
      CACHED
    }
  }

  /**
   * What a step printed.
   *
   * @param error whether it went to standard error
   * @param text as printed, line ends included; bytes that are not UTF-8 are replaced
   */
  record LogChunk(BuildId build, StageId stage, int step, boolean error, String text)
      implements Event {}
}
