package dev.birgus.executor.service;

import dev.birgus.executor.stage.StageListener;
import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.contracts.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Publishes what happens to one stage. */
final class StageEvents implements StageListener {

  private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(200);

  private final EventBus bus;
  private final StageReady job;
  private final NodeMembership membership;
  private final InstantSource clock;
  private final LogValve valve;
  private final Map<String, Instant> lastProgress = new ConcurrentHashMap<>();

  StageEvents(EventBus bus, StageReady job, NodeMembership membership, InstantSource clock) {
    this.bus = bus;
    this.job = job;
    this.membership = membership;
    this.clock = clock;
    this.valve = new LogValve(membership.logRate(), clock);
  }

  void started(String node, int delivery, Optional<String> isolation) {
    tell(
        new Event.StageStarted(
            job.build(), job.stage().id(), job.attempt(), node, delivery, isolation));
  }

  /** The stage is for another node to run. */
  void handedBack(String node, String reason) {
    tell(new Event.StageHandedBack(job.build(), job.stage().id(), job.attempt(), node, reason));
  }

  /** The stage runs on another node. */
  void lost(String node, int delivery) {
    tell(new Event.StageLeaseLost(job.build(), job.stage().id(), job.attempt(), node, delivery));
  }

  void finished(StageResult result) {
    tell(new Event.StageFinished(job.build(), job.stage().id(), job.attempt(), result));
  }

  void failed(Failure failure) {
    tell(new Event.StageFailed(job.build(), job.stage().id(), job.attempt(), failure));
  }

  @Override
  public void sealed(int step, Layer layer) {
    publish(
        Topic.EVENTS,
        new Event.LayerSealed(job.build(), job.stage().id(), job.attempt(), step, layer));
  }

  @Override
  public void stepStarted(int step) {
    publish(Topic.EVENTS, new Event.StepStarted(job.build(), job.stage().id(), step));
  }

  @Override
  public void stepFinished(int step, Duration took) {
    synchronized (valve) {
      print(step, false, valve.gap());
    }
    publish(Topic.EVENTS, new Event.StepFinished(job.build(), job.stage().id(), step, took));
  }

  @Override
  public void printed(int step, boolean error, String text) {
    synchronized (valve) {
      print(step, error, valve.pass(text));
    }
  }

  private void print(int step, boolean error, String text) {
    if (!text.isEmpty()) {
      publish(Topic.LOGS, new Event.LogChunk(job.build(), job.stage().id(), step, error, text));
    }
  }

  /** The end of a transfer is always told, what comes before it a few times a second. */
  @Override
  public void transferred(Transfer kind, String name, long done, Optional<Long> total) {
    var key = kind + name;
    if (total.isPresent() && done >= total.get()) {
      lastProgress.remove(key);
    } else if (!isDue(key)) {
      return;
    }
    publish(Topic.EVENTS, new Event.TransferProgressed(job.build(), kind, name, done, total));
  }

  private boolean isDue(String key) {
    var now = clock.instant();
    var last = lastProgress.get(key);
    if (last != null && now.isBefore(last.plus(PROGRESS_INTERVAL))) {
      return false;
    }
    lastProgress.put(key, now);
    return true;
  }

  /** For the desk of the pool, and for everybody who watches. */
  private void tell(Event event) {
    bus.publish(Topic.STAGES, membership.pool(), event);
    publish(Topic.EVENTS, event);
  }

  private void publish(Topic topic, Event event) {
    bus.publish(topic, job.build().value(), event);
  }
}
