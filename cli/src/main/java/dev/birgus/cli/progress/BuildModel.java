package dev.birgus.cli.progress;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.oci.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The state of a build, folded from its events. Events may come twice, and those of different
 * topics in any order; what is news goes to the renderer once. Not safe for several threads.
 */
final class BuildModel {

  private final Map<StageId, StageState> stages = new LinkedHashMap<>();
  private final Map<String, TransferState> transfers = new LinkedHashMap<>();
  private final Map<Delivery, Digest> delivered = new LinkedHashMap<>();
  private final Set<Delivery> delivering = new LinkedHashSet<>();
  private final Map<Event.BlobPushed.Presence, Integer> blobs = new LinkedHashMap<>();

  /** Digests of the layers this build has made: that they are there is no news. */
  private final Set<String> made = new HashSet<>();

  private final List<Event> early = new ArrayList<>();
  private final Instant begun;
  private int earlyBlobs;
  private Optional<Instant> stepEnded = Optional.empty();
  private List<String> names = List.of();
  private Optional<Ending> ending = Optional.empty();
  private Instant now;

  BuildModel(Instant begun) {
    this.begun = begun;
    this.now = begun;
  }

  /** What the image will be called, wherever it goes. */
  void name(List<String> given) {
    names = List.copyOf(given);
  }

  List<String> names() {
    return names;
  }

  /** Takes an event that became known at this time. */
  void apply(Event event, Instant time, Renderer renderer) {
    now = time;
    switch (event) {
      case Event.BuildPlanned(_, var plan) -> plan(plan, renderer);
      case Event.StageStarted started ->
          inStage(started.stage(), event, stage -> startStage(stage, started, renderer));
      case Event.StepStarted started ->
          inStep(
              started.stage(),
              started.step(),
              event,
              (stage, step) -> startStep(stage, step, renderer));
      case Event.LogChunk chunk ->
          inStep(
              chunk.stage(),
              chunk.step(),
              event,
              (stage, step) -> print(stage, step, chunk, renderer));
      case Event.StepFinished finished ->
          inStep(
              finished.stage(),
              finished.step(),
              event,
              (stage, step) -> finishStep(stage, step, finished, renderer));
      case Event.StageFinished finished ->
          inStage(finished.stage(), event, stage -> finishStage(stage, renderer));
      case Event.StageShared(_, var stage, var by, var finished) ->
          inStage(stage, event, found -> shareStage(found, by, finished, renderer));
      case Event.StageFailed failed ->
          inStage(failed.stage(), event, stage -> stage.end(StageState.Phase.FAILED, now));
      case Event.LayerSealed sealed -> {
        made.add(sealed.layer().blob().digest().toString());
        made.add(sealed.layer().diffId().toString());
      }
      case Event.TransferProgressed moved -> transfer(moved, renderer);
      case Event.BlobPushed pushed -> blobPushed(pushed, renderer);
      case Event.DeliveryFinished finished -> delivered(finished, renderer);
      case Event.BuildSucceeded(_, var digest, var size) ->
          end(new Ending.Succeeded(digest, size), renderer);
      case Event.BuildFailed(_, var failure) -> end(new Ending.Failed(failure), renderer);
      case Event.BuildCancelled(_, var reason) -> end(new Ending.Cancelled(reason), renderer);
      case Event.BuildRequested _,
          Event.BuildCancelRequested _,
          Event.LineAdvanced _,
          Event.OutputMarked _,
          Event.NodeReported _,
          Event.StageWanted _,
          Event.StageUnwanted _,
          Event.StageResultLost _,
          Event.StageStopRequested _,
          Event.StageHandedBack _,
          Event.StageLeaseLost _,
          Event.StageReady _,
          Event.PushAnnounced _,
          Event.PushRequested _,
          Event.ImagePushed _,
          Event.PushFailed _ -> {}
    }
  }

  private void blobPushed(Event.BlobPushed pushed, Renderer renderer) {
    if (isBuilt()) {
      deliver(pushed.destination(), renderer);
    } else {
      // A layer is there, but nobody pushes an image yet.
      earlyBlobs++;
    }
    blobs.merge(pushed.how(), 1, Integer::sum);
  }

  private void delivered(Event.DeliveryFinished finished, Renderer renderer) {
    deliver(finished.delivery(), renderer);
    if (delivered.put(finished.delivery(), finished.manifest()) == null) {
      renderer.delivered(finished.delivery(), finished.manifest());
    }
  }

  /** Ends the build; a second ending is no news. */
  void end(Ending how, Renderer renderer) {
    if (ending.isEmpty()) {
      ending = Optional.of(how);
      for (var stage : stages.values()) {
        stage.runningStep().ifPresent(step -> flush(stage, step, renderer));
      }
      renderer.ended(how);
    }
  }

  private void plan(Plan plan, Renderer renderer) {
    if (!stages.isEmpty()) {
      return;
    }
    for (var stage : plan.stages()) {
      stages.put(stage.id(), new StageState(stage, plan));
    }
    plan.warnings().forEach(renderer::warning);
    var waiting = List.copyOf(early);
    early.clear();
    waiting.forEach(event -> apply(event, now, renderer));
  }

  private void startStage(StageState stage, Event.StageStarted started, Renderer renderer) {
    stage.isolate(started.isolation());
    startStage(stage, renderer);
  }

  private void startStage(StageState stage, Renderer renderer) {
    if (stage.start(now)) {
      renderer.stageStarted(stage);
    }
  }

  private void shareStage(StageState stage, BuildId by, boolean finished, Renderer renderer) {
    if (stage.share(by)) {
      startStage(stage, renderer);
      renderer.stageShared(stage, by, finished);
    }
  }

  private void startStep(StageState stage, StepState step, Renderer renderer) {
    startStage(stage, renderer);
    if (!step.isStarted()) {
      step.start(now);
      renderer.stepStarted(stage, step);
    }
  }

  private void print(StageState stage, StepState step, Event.LogChunk chunk, Renderer renderer) {
    startStep(stage, step, renderer);
    for (var line : step.print(chunk.error(), chunk.text())) {
      renderer.printed(stage, step, chunk.error(), line);
    }
  }

  private static void flush(StageState stage, StepState step, Renderer renderer) {
    for (var line : step.rest(false)) {
      renderer.printed(stage, step, false, line);
    }
    for (var line : step.rest(true)) {
      renderer.printed(stage, step, true, line);
    }
  }

  private void finishStep(
      StageState stage, StepState step, Event.StepFinished finished, Renderer renderer) {
    if (step.isFinished()) {
      return;
    }
    startStep(stage, step, renderer);
    flush(stage, step, renderer);
    step.finish(finished.took());
    stepEnded = Optional.of(now);
    renderer.stepFinished(stage, step);
  }

  private void finishStage(StageState stage, Renderer renderer) {
    if (stage.end(StageState.Phase.FINISHED, now)) {
      renderer.stageFinished(stage);
    }
  }

  private void transfer(Event.TransferProgressed moved, Renderer renderer) {
    var key = moved.kind() + " " + moved.name();
    var before = Optional.ofNullable(transfers.get(key));
    var state = new TransferState(moved.kind(), moved.name(), moved.done(), moved.total());
    var ownLayer =
        moved.kind() == Event.TransferProgressed.Transfer.CACHED && made.contains(moved.name());
    if (ownLayer || (before.isPresent() && before.get().isFinished())) {
      return;
    }
    transfers.put(key, state);
    if (state.isFinished()) {
      renderer.transferred(state);
    }
  }

  private void deliver(Delivery delivery, Renderer renderer) {
    if (delivering.add(delivery)) {
      renderer.delivering(delivery);
    }
  }

  /** Does something with a stage, or keeps the event until the plan is known. */
  private void inStage(StageId id, Event event, Consumer<StageState> action) {
    var stage = stages.get(id);
    if (stage != null) {
      action.accept(stage);
    } else if (stages.isEmpty()) {
      early.add(event);
    }
  }

  private void inStep(StageId id, int step, Event event, BiConsumer<StageState, StepState> action) {
    inStage(id, event, stage -> stage.step(step).ifPresent(found -> action.accept(stage, found)));
  }

  Instant begun() {
    return begun;
  }

  /** When the last event became known. */
  Instant now() {
    return now;
  }

  Collection<StageState> stages() {
    return stages.values();
  }

  Collection<TransferState> transfers() {
    return transfers.values();
  }

  Map<Delivery, Digest> delivered() {
    return delivered;
  }

  /** Blobs of the image by how the registries came to them. */
  int blobs(Event.BlobPushed.Presence how) {
    return blobs.getOrDefault(how, 0);
  }

  /** How many of them a registry had before every stage was done. */
  int earlyBlobs() {
    return earlyBlobs;
  }

  /** From the end of the last step until now; empty if nothing was pushed, or no step has ended. */
  Optional<Duration> pushTook() {
    return delivered.keySet().stream().anyMatch(Delivery.ToRegistry.class::isInstance)
        ? stepEnded.map(end -> Duration.between(end, now))
        : Optional.empty();
  }

  boolean isEnded() {
    return ending.isPresent();
  }

  /** Whether every stage is done, so that what fails now is the delivery. */
  boolean isBuilt() {
    return !stages.isEmpty()
        && stages.values().stream().allMatch(stage -> stage.phase() == StageState.Phase.FINISHED);
  }
}
