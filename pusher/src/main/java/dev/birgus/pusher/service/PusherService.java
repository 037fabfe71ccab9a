package dev.birgus.pusher.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.EventBus.Subscription;
import dev.birgus.infra.bus.Job;
import dev.birgus.infra.bus.Replay;
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
import dev.birgus.pusher.upload.MovedTags;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes {@code PushRequested}, makes the build's deliveries, and answers with {@code ImagePushed}
 * or {@code PushFailed}. Without deliveries it answers with the digest the image would have. Layers
 * of announced pushes are sent before that, as they are sealed.
 */
public final class PusherService implements Service {

  private static final String GROUP = "pusher";

  /** How long a pusher that leaves waits for a bus that may be gone. */
  private static final Duration FAREWELL = Duration.ofSeconds(20);

  /** How long it may take to read what was cancelled before. */
  private static final Duration CATCHING_UP = Duration.ofMinutes(5);

  private static final String EARLY_GROUP = "pusher-early";

  /** How often a push is begun. What ends every pusher that begins with it must come to an end. */
  private static final int MOST_DELIVERIES = 8;

  private final PusherSettings settings;
  private final LayerContent content;
  private final BlobUploads uploads;
  private final InstantSource clock;
  private final Journal journal;
  private final Cancellations cancellations = new Cancellations();
  private final EarlyPushes early;
  private final Duration farewell;
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
    this(settings, new Means(store, sources, registries), clock, journal, FAREWELL);
  }

  /** What a pusher takes from and gives to. */
  record Means(BlobStore store, ImageSources sources, Registries registries) {}

  /** The same with another time to wait for what does not end. */
  PusherService(
      PusherSettings settings,
      Means means,
      InstantSource clock,
      Journal journal,
      Duration farewell) {
    this.settings = requireNonNull(settings, "settings");
    this.farewell = farewell;
    this.content = new LayerContent(means.store(), means.sources());
    this.uploads = new BlobUploads(means.registries(), content, settings.upload().parallelBlobs());
    this.clock = requireNonNull(clock, "clock");
    this.journal = requireNonNull(journal, "journal");
    this.early = new EarlyPushes(uploads, clock);
  }

  @Override
  public void start(EventBus bus) {
    var listening = new ArrayList<Subscription>();
    var control = bus.replay(Topic.CONTROL, GROUP, this::build);
    listening.add(control);
    // What was cancelled before this pusher began may still be waiting for one.
    awaitKnown(control);
    listening.add(
        bus.work(
            Topic.PUSHES, Topic.ANYONE, GROUP, settings.pushesAtOnce(), job -> work(bus, job)));
    if (settings.early()) {
      // Of several pushers one has all events of a build, so no layer is sent early by two.
      listening.add(bus.subscribe(Topic.EVENTS, EARLY_GROUP, event -> watch(bus, event)));
    }
    subscriptions = List.copyOf(listening);
  }

  private static void awaitKnown(Replay control) {
    try {
      control.caughtUp().get(CATCHING_UP.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException stopped) {
      control.close();
      Thread.currentThread().interrupt();
      throw unknown("it was stopped").toException(stopped);
    } catch (TimeoutException late) {
      control.close();
      throw unknown("not in " + CATCHING_UP).toException(late);
    } catch (ExecutionException | CancellationException ended) {
      throw unknown("the bus was closed").toException(ended);
    }
  }

  private static Failure unknown(String why) {
    return Failure.of(
        "pusher-not-started",
        "the pusher could not learn which builds were cancelled before it began: " + why,
        "Look whether the brokers answer, and start it again.");
  }

  @Override
  public void drain(Duration grace) throws InterruptedException {
    var ending =
        Thread.ofVirtual()
            .name("pusher-drain")
            .start(() -> subscriptions.forEach(Subscription::close));
    if (!ending.join(grace)) {
      cancellations.cancelAll();
      ending.join(farewell);
    }
    subscriptions = List.of();
  }

  @Override
  public void close() {
    cancellations.cancelAll();
    var open = subscriptions;
    subscriptions = List.of();
    var ending =
        Thread.ofVirtual()
            .name("pusher-close")
            .start(() -> {
              early.close();
              open.forEach(Subscription::close);
            });
    if (!Patient.joined(ending, farewell)) {
      journal.log(
          Journal.Level.WARN,
          "a push does not end though it was told to; it is left behind",
          Map.of("waited", farewell.toSeconds() + "s"));
    }
  }

  private void build(Event event) {
    switch (event) {
      case BuildCancelRequested(var build, var reason) -> {
        cancellations.cancel(build, reason);
        early.end(build);
      }
      case BuildSucceeded ended -> cancellations.over(ended.build());
      case BuildFailed ended -> cancellations.over(ended.build());
      case BuildCancelled ended -> cancellations.over(ended.build());
      default -> {
        // The rest is for executor nodes.
      }
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

  private void work(EventBus bus, Job job) {
    if (job.event() instanceof PushRequested request) {
      // The thread is ours alone, so that interrupting it can hit nothing but this push.
      OwnThread.run(
          Thread.ofVirtual().name("push-" + request.build()), () -> push(bus, job, request));
    }
  }

  private void push(EventBus bus, Job job, PushRequested request) {
    var tagging = new AtomicBoolean();
    var outcome = new PushOutcome(bus, job, request.build(), cancellations, tagging, journal);
    if (job.delivery() > MOST_DELIVERIES) {
      outcome.failed(givenUp(job));
      return;
    }
    // What cannot be published is thrown, and the job comes again: it is no failure of the push.
    attempt(bus, job, request, outcome).run();
  }

  /** Makes the deliveries; what is left is to say what came of them. */
  private Runnable attempt(EventBus bus, Job job, PushRequested request, PushOutcome outcome) {
    var handsBack = settings.handsBack();
    try {
      var pushed = deliver(bus, job, request, outcome.tagging());
      return () -> outcome.pushed(pushed);
    } catch (InterruptedException interrupted) {
      return () -> outcome.interrupted(handsBack);
    } catch (IOException | FailureException failed) {
      var failure = Reasons.failure("push-failed", failed);
      return () -> outcome.ended(failure, handsBack);
    } catch (RuntimeException failed) {
      var failure = defect(request.build(), failed);
      return () -> outcome.ended(failure, handsBack);
    } catch (Error lost) {
      // Without an answer the build would wait for ever.
      var failure = defect(request.build(), lost);
      return () -> outcome.failed(failure);
    }
  }

  private static Failure givenUp(Job job) {
    return Failure.of(
        "push-given-up",
        (job.delivery() - 1) + " pushers have begun with this push, and none came to its end",
        "Look into the logs of the pushers: why did they end?");
  }

  private ImagePushed deliver(EventBus bus, Job job, PushRequested request, AtomicBoolean tagging)
      throws IOException, InterruptedException {
    var build = request.build();
    var destinations = destinations(request);
    var image = ImageAssembler.assemble(request.image(), clock.instant());
    // Whoever had the push before may have been ended between two tags.
    tagging.set(
        job.delivery() > 1
            && !cancellations.isOver(build)
            && new MovedTags(uploads).any(image.digest(), destinations));
    begin(build, tagging.get());
    try (var begun = early.finish(build)) {
      noteForcedType(request.image(), image);
      var report = report(bus, build);
      var traffic = BuildTraffic.to(destinations, build, begun.ledger(), report);
      var upload =
          new ImageUpload(
              uploads,
              settings.upload().ignoreImmutableTags(),
              traffic,
              () -> fence(job, build, tagging));
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

  private void begin(BuildId build, boolean tagging) {
    if (tagging) {
      cancellations.beginTagging(Thread.currentThread());
    } else {
      cancellations.begin(build, Thread.currentThread());
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

  /** Holds whoever should not write a manifest any more. From the first on all are written. */
  private void fence(Job job, BuildId build, AtomicBoolean tagging) throws InterruptedException {
    if (Thread.interrupted() || !job.stillMine()) {
      throw new InterruptedException("the push is not this pusher's any more");
    }
    if (!cancellations.tag(build, Thread.currentThread())) {
      throw new InterruptedException("the push is not wanted any more");
    }
    tagging.set(true);
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
