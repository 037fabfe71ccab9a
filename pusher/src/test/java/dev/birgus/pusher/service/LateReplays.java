package dev.birgus.pusher.service;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Job;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.bus.Replay;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.testkit.RecordingBus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A bus on which what there was comes when a test says so. */
final class LateReplays implements EventBus {

  private final RecordingBus base;
  private final CompletableFuture<Consumer<Event>> reader = new CompletableFuture<>();
  private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();

  LateReplays(RecordingBus base) {
    this.base = base;
  }

  /** Returns when somebody wants to know what there was. */
  void awaitReplay() throws Exception {
    var _ = reader.get(30, TimeUnit.SECONDS);
  }

  /** There was this, and no more. */
  void replayed(Event only) {
    reader.join().accept(only);
    caughtUp.complete(null);
  }

  @Override
  public Replay replay(Topic topic, String name, Consumer<Event> handler) {
    reader.complete(handler);
    return Replay.of(base.subscribe(topic, name, handler), caughtUp);
  }

  @Override
  public void publish(Topic topic, String key, Event event) {
    base.publish(topic, key, event);
  }

  @Override
  public Subscription subscribe(Topic topic, String group, Consumer<Event> handler) {
    return base.subscribe(topic, group, handler);
  }

  @Override
  public <S> Subscription process(Processing<S> processing) {
    return base.process(processing);
  }

  @Override
  public Subscription work(
      Topic queue, String lane, String group, int slots, Consumer<Job> worker) {
    return base.work(queue, lane, group, slots, worker);
  }

  @Override
  public void close() {
    base.close();
  }
}
