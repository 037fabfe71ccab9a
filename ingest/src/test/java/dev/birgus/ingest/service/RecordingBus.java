package dev.birgus.ingest.service;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Job;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps what is published and delivers nothing. */
final class RecordingBus implements EventBus {

  record Published(Topic topic, String key, Event event) {}

  final List<Published> published = new ArrayList<>();

  @Override
  public void publish(Topic topic, String key, Event event) {
    published.add(new Published(topic, key, event));
  }

  @Override
  public Subscription subscribe(Topic topic, String group, Consumer<Event> handler) {
    return () -> {};
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
