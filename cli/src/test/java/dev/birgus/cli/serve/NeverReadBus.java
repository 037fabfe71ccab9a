package dev.birgus.cli.serve;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Job;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.bus.Replay;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Takes events and gives none: who replays a topic is not at its end. */
final class NeverReadBus implements EventBus {

  @Override
  public void publish(Topic topic, String key, Event event) {}

  @Override
  public Subscription subscribe(Topic topic, String group, Consumer<Event> handler) {
    return () -> {};
  }

  @Override
  public Replay replay(Topic topic, String name, Consumer<Event> handler) {
    return Replay.of(() -> {}, new CompletableFuture<>());
  }

  @Override
  public <S> Subscription process(Processing<S> processing) {
    return () -> {};
  }

  @Override
  public Subscription work(
      Topic queue, String lane, String group, int slots, Consumer<Job> worker) {
    return () -> {};
  }

  @Override
  public void close() {}
}
