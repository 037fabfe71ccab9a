package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A fact. What each is for, who writes and who reads it: see {@link Topic}. */
public sealed interface Event {

  /** What it is about: the name of a build or of a node. */
  String subject();

  /** A fact about a build. */
  sealed interface OfBuild extends Event {
    /** The build it belongs to, which is its key wherever order matters. */
    BuildId build();

    @Override
    default String subject() {
      return build().value();
    }
  }

  /**
   * Somebody asked for an image.
   *
   * @param at when; of several builds of a line that is how the newest is known. Empty for when it
   *     is read
   */
  record BuildRequested(BuildId build, BuildRequest request, Optional<Instant> at)
      implements OfBuild {
    public BuildRequested {
      requireNonNull(request, "request");
      requireNonNull(at, "at");
    }

    /** A request that does not say when it was made. */
    public BuildRequested(BuildId build, BuildRequest request) {
      this(build, request, Optional.empty());
    }
  }

  /** Somebody wants it no more. */
  record BuildCancelRequested(BuildId build, String reason) implements OfBuild {}

  /**
   * A build wants a stage run: all it needs is finished.
   *
   * @param inputs the results of the stages it needs
   * @param scheduling on whose account, how urgently, and where
   */
  record StageWanted(
      BuildId build,
      Stage stage,
      Map<StageId, StageResult> inputs,
      BuildOptions options,
      Scheduling scheduling)
      implements OfBuild {
    public StageWanted {
      requireNonNull(stage, "stage");
      inputs = Map.copyOf(inputs);
      requireNonNull(options, "options");
      requireNonNull(scheduling, "scheduling");
    }
  }

  /** A build does not want a stage any more; others may. */
  record StageUnwanted(BuildId build, StageId stage, String reason) implements OfBuild {}

  /**
   * A result of a stage is of no use: a layer of it is nowhere any more.
   *
   * @param result that is to be given to no other build
   */
  record StageResultLost(BuildId build, StageId stage, StageResult result) implements OfBuild {
    public StageResultLost {
      requireNonNull(stage, "stage");
      requireNonNull(result, "result");
    }
  }

  /**
   * A stage of a build is the same as one that runs, or ran, for another build: its result is
   * taken.
   *
   * @param by the build it runs, or ran, for
   * @param finished whether the result is there already
   */
  record StageShared(BuildId build, StageId stage, BuildId by, boolean finished)
      implements OfBuild {}

  /** Nobody wants a stage any more: whoever runs it is to stop. */
  record StageStopRequested(BuildId build, StageId stage, int attempt, String reason)
      implements OfBuild {}

  /** A node gives a stage back that it has not finished, for another to run. */
  record StageHandedBack(BuildId build, StageId stage, int attempt, String node, String reason)
      implements OfBuild {}

  /**
   * A node has stopped a stage because its job is another's: the brokers had not heard of the node
   * for a while. It is there, so the stage has not ended it.
   *
   * @param delivery of the job it had
   */
  record StageLeaseLost(BuildId build, StageId stage, int attempt, String node, int delivery)
      implements OfBuild {}

  /**
   * A build of a line was requested: older ones are wanted no more, and neither is this one if a
   * newer is known.
   *
   * @param requested when; empty for when it is read
   */
  record LineAdvanced(BuildId build, String line, Optional<Instant> requested) implements OfBuild {
    public LineAdvanced {
      requireNonNull(line, "line");
      requireNonNull(requested, "requested");
    }

    /** A build that is newer than all that are known. */
    public LineAdvanced(BuildId build, String line) {
      this(build, line, Optional.empty());
    }
  }

  /**
   * A node is there. It says so when it starts, when something changes, and every few seconds.
   *
   * @param slots how many stages it runs at once; 0 when it takes no more
   * @param running the stages it runs now, with their attempts
   */
  record NodeReported(String node, String pool, int slots, Map<StageId, Integer> running)
      implements Event {
    public NodeReported {
      requireNonNull(node, "node");
      requireNonNull(pool, "pool");
      running = Map.copyOf(running);
      if (slots < 0) {
        throw new IllegalArgumentException("no node has " + slots + " slots");
      }
    }

    @Override
    public String subject() {
      return node;
    }
  }

  /**
   * A stage can run: all it needs is finished.
   *
   * @param attempt from 1; failures of an older attempt are ignored
   * @param inputs the results of the stages it needs
   * @param tries how often it was given out since somebody has waited for it, this time included,
   *     from 1; empty for as often as there were attempts
   */
  record StageReady(
      BuildId build,
      int attempt,
      Stage stage,
      Map<StageId, StageResult> inputs,
      BuildOptions options,
      OptionalInt tries)
      implements OfBuild {
    public StageReady {
      requireNonNull(stage, "stage");
      inputs = Map.copyOf(inputs);
      requireNonNull(options, "options");
      requireNonNull(tries, "tries");
    }

    /** A stage all of whose attempts were made for those who wait now. */
    public StageReady(
        BuildId build,
        int attempt,
        Stage stage,
        Map<StageId, StageResult> inputs,
        BuildOptions options) {
      this(build, attempt, stage, inputs, options, OptionalInt.empty());
    }
  }

  /**
   * A node has begun a stage.
   *
   * @param delivery how often this attempt was given to a node, this time included, from 1
   * @param isolation the rung of isolation its commands will run on, by its name; empty if it runs
   *     none, or there is none they could run on
   */
  record StageStarted(
      BuildId build,
      StageId stage,
      int attempt,
      String node,
      int delivery,
      Optional<String> isolation)
      implements OfBuild {
    public StageStarted {
      requireNonNull(stage, "stage");
      requireNonNull(node, "node");
      requireNonNull(isolation, "isolation");
    }

    /** A stage that runs no commands. */
    public StageStarted(BuildId build, StageId stage, int attempt, String node, int delivery) {
      this(build, stage, attempt, node, delivery, Optional.empty());
    }

    /** An attempt that is given to a node for the first time. */
    public StageStarted(BuildId build, StageId stage, int attempt, String node) {
      this(build, stage, attempt, node, 1);
    }
  }

  /**
   * A layer is complete, in the blob store, and will not change.
   *
   * @param step index of the step in its stage, from 0
   */
  record LayerSealed(BuildId build, StageId stage, int attempt, int step, Layer layer)
      implements OfBuild {}

  /** A stage is done. */
  record StageFinished(BuildId build, StageId stage, int attempt, StageResult result)
      implements OfBuild {}

  /** A stage failed; the steps after the failing one did not run. */
  record StageFailed(BuildId build, StageId stage, int attempt, Failure failure)
      implements OfBuild {}

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
      implements OfBuild {
    public PushAnnounced {
      stages = Set.copyOf(stages);
      layers = List.copyOf(layers);
      destinations = List.copyOf(destinations);
    }
  }

  /** The image is built and should go to these places. */
  record PushRequested(BuildId build, ImageSpec image, List<String> tags, List<Delivery> deliveries)
      implements OfBuild {
    public PushRequested {
      requireNonNull(image, "image");
      tags = List.copyOf(tags);
      deliveries = List.copyOf(deliveries);
    }

    /** The same for an image made at this time, so that every pusher makes the same of it. */
    public PushRequested createdBy(Instant time) {
      return new PushRequested(build, image.createdBy(time), tags, deliveries);
    }
  }

  /**
   * A registry has a blob of the image.
   *
   * @param how whether it had it, took it from another repository, or received it
   */
  record BlobPushed(BuildId build, Delivery destination, Descriptor blob, Presence how)
      implements OfBuild {
    /** How a registry came by a blob. */
    public enum Presence {
      EXISTED,
      MOUNTED,
      UPLOADED
    }
  }

  /** One delivery is complete: a tag points to the manifest, or a file is in place. */
  record DeliveryFinished(BuildId build, Delivery delivery, Digest manifest) implements OfBuild {}

  /**
   * Every delivery is complete.
   *
   * @param size of the compressed layers, in bytes
   */
  record ImagePushed(BuildId build, Digest manifest, long size) implements OfBuild {}

  /** A delivery failed. Deliveries it had no part in may have been made. */
  record PushFailed(BuildId build, Failure failure) implements OfBuild {}

  /** The Dockerfile is understood, and these are the stages that will run. */
  record BuildPlanned(BuildId build, Plan plan) implements OfBuild {}

  /** The end of a build that gave an image. */
  record BuildSucceeded(BuildId build, Digest manifest, long size) implements OfBuild {}

  /** The end of a build that did not. */
  record BuildFailed(BuildId build, Failure failure) implements OfBuild {}

  /** The end of a build that was cancelled. */
  record BuildCancelled(BuildId build, String reason) implements OfBuild {}

  /** A step begins. */
  record StepStarted(BuildId build, StageId stage, int step) implements OfBuild {}

  /** A step is done, its layer perhaps still being packed. */
  record StepFinished(BuildId build, StageId stage, int step, Duration took) implements OfBuild {}

  /**
   * Bytes have moved; sent a few times a second at most, and when a transfer ends.
   *
   * @param name of what moves, unique in the build: a digest or a file
   * @param done bytes so far
   * @param total bytes in all; empty if not known
   */
  record TransferProgressed(
      BuildId build, Transfer kind, String name, long done, Optional<Long> total)
      implements OfBuild {
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
      implements OfBuild {}

  /**
   * Somebody watches a build, and will know by this that the output before it has come.
   *
   * @param mark by which whoever sent it knows it again; it means nothing to anybody else
   */
  record OutputMarked(BuildId build, String mark) implements OfBuild {}
}
