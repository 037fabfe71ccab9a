package dev.birgus.infra.bus;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Changes of a table in memory, which can be undone until they are certain. */
final class MemoryTransaction<S> implements Transaction<S> {

  private final Instant now;
  private final Map<String, S> table;
  private final Map<String, Optional<S>> before = new HashMap<>();
  private final List<Received> published = new ArrayList<>();
  private final List<Runnable> effects = new ArrayList<>();

  MemoryTransaction(Instant now, Map<String, S> table) {
    this.now = now;
    this.table = table;
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public Optional<S> get(String key) {
    return Optional.ofNullable(table.get(key));
  }

  @Override
  public Map<String, S> table() {
    return Collections.unmodifiableMap(table);
  }

  @Override
  public void put(String key, S record) {
    before.putIfAbsent(key, get(key));
    table.put(key, record);
  }

  @Override
  public void remove(String key) {
    before.putIfAbsent(key, get(key));
    table.remove(key);
  }

  @Override
  public void publish(Topic topic, String key, Event event) {
    published.add(Received.first(topic, key, event));
  }

  @Override
  public void afterwards(Runnable effect) {
    effects.add(effect);
  }

  void undo() {
    before.forEach((key, record) -> {
      if (record.isPresent()) {
        table.put(key, record.get());
      } else {
        table.remove(key);
      }
    });
  }

  void commit(Consumer<Received> publisher) {
    published.forEach(publisher);
    effects.forEach(Runnable::run);
  }
}
