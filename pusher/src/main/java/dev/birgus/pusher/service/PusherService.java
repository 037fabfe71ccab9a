package dev.birgus.pusher.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.EventBus.Subscription;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Event.BuildCancelled;
import dev.birgus.infra.contracts.Event.BuildFailed;
import dev.birgus.infra.contracts.Event.BuildSucceeded;
import dev.birgus.infra.contracts.Event.ImagePushed;
import dev.birgus.infra.contracts.Event.LayerSealed;
import dev.birgus.infra.contracts.Event.PushAnnounced;
import dev.birgus.infra.contracts.Event.PushFailed;
import dev.birgus.infra.contracts.Event.PushRequested;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSpec;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.registry.ImageSources;
import dev.birgus.infra.registry.Registries;
import dev.birgus.infra.service.OwnThread;
import dev.birgus.infra.service.Service;
import dev.birgus.pusher.content.LayerContent;
import dev.birgus.pusher.content.Reasons;
import dev.birgus.pusher.image.FinishedImage;
import dev.birgus.pusher.image.ImageAssembler;
import dev.birgus.pusher.upload.BlobUploads;
import dev.birgus.pusher.upload.BuildTraffic;
import dev.birgus.pusher.upload.ImageUpload;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Takes {@code PushRequested}, makes the build's deliveries, and answers with {@code ImagePushed}
 * or {@code PushFailed}. Without deliveries it answers with the digest the image would have. Layers
 * of announced pushes are sent before that, as they are sealed.
 */
public final class PusherService implements Service {

  private static final String GROUP = "pusher";

  private final PusherSettings settings;
  private final LayerContent content;
  private final BlobUploads uploads;
  private final InstantSource clock;
  private final Journal journal;
  private final Cancellations cancellations = new Cancellations();
  private final EarlyPushes early;
  private List<Subscription> subscriptions = List.of();

  /**
   * A pusher.
   *
   * @param store where the layers are that were built
   * @param sources where the layers of base images can be had
   * @param registries it pushes to
   */
  public PusherService(
      PusherSettings settings,
      BlobStore store,
      ImageSources sources,
      Registries registries,
      InstantSource clock,
      Journal journal) {
    this.settings = requireNonNull(settings, "settings");
    this.content = new LayerContent(store, sources);
    this.uploads = new BlobUploads(registries, content, settings.upload().parallelBlobs());
    this.clock = requireNonNull(clock, "clock");
    this.journal = requireNonNull(journal, "journal");
    this.early = new EarlyPushes(uploads, clock);
  }

  @Override
  public void start(EventBus bus) {
    var listening = new ArrayList<Subscription>();
    listening.add(
        bus.work(
            Topic.PUSHES,
            Topic.ANYONE,
            GROUP,
            settings.pushesAtOnce(),
            job -> work(bus, job.event())));
    listening.add(bus.follow(Topic.CONTROL, GROUP, this::build));
    if (settings.early()) {
      listening.add(bus.follow(Topic.EVENTS, GROUP, event -> watch(bus, event)));
    }
    subscriptions = List.copyOf(listening);
  }

  @Override
  public void close() {
    cancellations.cancelAll();
    early.close();
    subscriptions.forEach(Subscription::close);
    subscriptions = List.of();
  }

  private void build(Event event) {
    if (event instanceof BuildCancelRequested(var build, var reason)) {
      cancellations.cancel(build, reason);
      early.end(build);
    }
  }

  /** Begins with what is known of an image before its build has ended. Nothing here waits. */
  private void watch(EventBus bus, Event event) {
    switch (event) {
      case PushAnnounced announced -> early.announce(announced, report(bus, announced.build()));
      case LayerSealed sealed -> early.sealed(sealed);
      case BuildSucceeded ended -> early.end(ended.build());
      case BuildFailed ended -> early.end(ended.build());
      case BuildCancelled ended -> early.end(ended.build());
      default -> {
        // The rest is for those who watch the build.
      }
    }
  }

  private PushReport report(EventBus bus, BuildId build) {
    return new PushReport(bus, journal, build);
  }

  private void work(EventBus bus, Event event) {
    if (event instanceof PushRequested request) {
      // The thread is ours alone, so that interrupting it can hit nothing but this push.
      OwnThread.await(
          Thread.ofVirtual().name("push-" + request.build()).start(() -> push(bus, request)));
    }
  }

  private void push(EventBus bus, PushRequested request) {
    var build = request.build();
    try {
      var pushed = deliver(bus, request);
      bus.publish(Topic.RESULTS, build.value(), pushed);
    } catch (InterruptedException interrupted) {
      fail(bus, build, cancelled(build));
    } catch (IOException | RuntimeException failed) {
      fail(bus, build, failure(build, failed));
    } catch (Error lost) {
      // Without an answer the build would wait for ever.
      fail(bus, build, defect(build, lost));
      throw lost;
    }
  }

  private ImagePushed deliver(EventBus bus, PushRequested request)
      throws IOException, InterruptedException {
    var build = request.build();
    cancellations.begin(build, Thread.currentThread());
    try (var begun = early.finish(build)) {
      var image = ImageAssembler.assemble(request.image(), clock.instant());
      noteForcedType(request.image(), image);
      var report = report(bus, build);
      var traffic = BuildTraffic.to(destinations(request), build, begun.ledger(), report);
      var upload = new ImageUpload(uploads, settings.upload().ignoreImmutableTags(), traffic);
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted before the push began");
      }
      new Push(request, image, content, upload, report).run();
      return new ImagePushed(build, image.digest(), image.size());
    } finally {
      cancellations.end(build, Thread.currentThread());
      // A cancellation that came too late must not disturb the report of what was done.
      var _ = Thread.interrupted();
    }
  }

  /** An image that is of another family than its base, because of its layers. */
  private void noteForcedType(ImageSpec spec, FinishedImage image) {
    var base = spec.baseManifest().filter(MediaType::isDocker);
    if (base.isPresent()
        && spec.format().isEmpty()
        && !image.manifest().descriptor().mediaType().isDocker()) {
      journal.log(
          Journal.Level.WARN,
          "the image is of the OCI's type although its base is of Docker's, which has no name for"
              + " layers compressed with zstd",
          Map.of());
    }
  }

  private static List<ToRegistry> destinations(PushRequested request) {
    var destinations = new ArrayList<ToRegistry>();
    for (var delivery : request.deliveries()) {
      if (delivery instanceof ToRegistry destination) {
        destinations.add(destination);
      }
    }
    return destinations;
  }

  private static void fail(EventBus bus, BuildId build, Failure failure) {
    bus.publish(Topic.RESULTS, build.value(), new PushFailed(build, failure));
  }

  private Failure cancelled(BuildId build) {
    return Failure.of(
        "push-cancelled",
        cancellations
            .reason(build)
            .map(reason -> "the push was cancelled: " + reason)
            .orElse("the push was interrupted: the pusher is being stopped"),
        "");
  }

  private Failure failure(BuildId build, Exception failed) {
    if (cancellations.reason(build).isPresent()) {
      return cancelled(build);
    }
    if (failed instanceof IOException || failed instanceof FailureException) {
      return Reasons.failure("push-failed", failed);
    }
    return defect(build, failed);
  }

  private Failure defect(BuildId build, Throwable failed) {
    journal.log(
        Journal.Level.ERROR,
        "the push failed because of a defect in the pusher",
        Map.of(LogKeys.BUILD, build.value(), LogKeys.ERROR, String.valueOf(failed)));
    return Failure.of(
        "internal-error",
        "the push failed because of a defect in birgus: " + failed,
        "Please report it with the output of --verbosity debug.");
  }
}
