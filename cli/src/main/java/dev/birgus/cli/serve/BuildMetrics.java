package dev.birgus.cli.serve;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Meter;
import dev.birgus.infra.observe.Metrics;
import dev.birgus.infra.service.Service;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the public feed tells. The servers of a cluster share the feed, so that their sums
 * are right.
 */
final class BuildMetrics implements Service {

  /** Who reads the feed for it. */
  static final String GROUP = "metrics";

  /**
   * Builds that are remembered at once; of one that was forgotten no time is counted, and neither
   * of one whose plan another server has read. How many there are planners know.
   */
  private static final int MOST = 10_000;

  private final Metrics metrics;
  private final InstantSource clock;
  private final Map<BuildId, Progress> open = new LinkedHashMap<>();
  private EventBus.@Nullable Subscription subscription;

  /** When a build began, and when its last stage ended. */
  private record Progress(Instant planned, Optional<Instant> built) {}

  BuildMetrics(Metrics metrics, InstantSource clock) {
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public void start(EventBus bus) {
    subscription = bus.subscribe(Topic.EVENTS, GROUP, this::take);
  }

  private synchronized void take(Event event) {
    switch (event) {
      case Event.BuildPlanned planned -> {
        open.put(planned.build(), new Progress(clock.instant(), Optional.empty()));
        metrics.add(Meter.STAGES_WANTED, planned.plan().stages().size());
        if (open.size() > MOST) {
          open.remove(open.keySet().iterator().next());
        }
      }
      case Event.StageStarted _ -> metrics.count(Meter.STAGES_STARTED);
      case Event.StageFinished finished -> {
        metrics.count(Meter.STAGES_ENDED, "finished");
        open.computeIfPresent(
            finished.build(),
            (_, progress) -> new Progress(progress.planned(), Optional.of(clock.instant())));
      }
      case Event.StageFailed _ -> metrics.count(Meter.STAGES_ENDED, "failed");
      case Event.StageShared shared ->
          metrics.count(Meter.STAGES_ENDED, shared.finished() ? "reused" : "shared");
      case Event.StepFinished step -> metrics.took(Meter.STEP_TIME, step.took());
      case Event.LayerSealed sealed -> {
        metrics.count(Meter.LAYERS_SEALED);
        metrics.add(Meter.LAYER_BYTES, sealed.layer().blob().size());
      }
      case Event.TransferProgressed moved -> moved(moved);
      case Event.BlobPushed pushed ->
          metrics.count(Meter.BLOBS_PUSHED, pushed.how().name().toLowerCase(Locale.ROOT));
      case Event.DeliveryFinished _ -> metrics.count(Meter.DELIVERIES);
      case Event.BuildSucceeded ended -> ended(ended.build(), "succeeded");
      case Event.BuildFailed ended -> ended(ended.build(), "failed");
      case Event.BuildCancelled ended -> ended(ended.build(), "cancelled");
      default -> {
        // The rest is nothing that is counted.
      }
    }
  }

  /** What is there is told once; of what moves only what is complete, as it is told again. */
  private void moved(Event.TransferProgressed moved) {
    if (moved.kind() == Transfer.CACHED) {
      metrics.count(Meter.LAYERS_CACHED);
    } else if (moved.total().filter(total -> total == moved.done()).isPresent()) {
      metrics.add(Meter.BYTES_MOVED, moved.done(), moved.kind().name().toLowerCase(Locale.ROOT));
    }
  }

  private void ended(BuildId build, String outcome) {
    metrics.count(Meter.BUILDS_ENDED, outcome);
    var progress = open.remove(build);
    if (progress != null) {
      var now = clock.instant();
      metrics.took(Meter.BUILD_TIME, Duration.between(progress.planned(), now), outcome);
      progress
          .built()
          .ifPresent(built -> metrics.took(Meter.PUSH_TIME, Duration.between(built, now), outcome));
    }
  }

  @Override
  public void close() {
    if (subscription != null) {
      subscription.close();
    }
  }
}
