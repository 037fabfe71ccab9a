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

/**
 * Changes of a table in memory, which can be undone until they are certain. Whoever made it makes
 * certain what it has collected.
 *
 * @param <S> the records of the table
 */
public final class TableTransaction<S> implements Transaction<S> {

  private final Instant now;
  private final Map<String, S> table;
  private final Map<String, Optional<S>> before = new HashMap<>();
  private final List<Published> published = new ArrayList<>();
  private final List<Runnable> effects = new ArrayList<>();

  /** An event to be published. */
  public record Published(Topic topic, String key, Event event) {}

  /**
   * Changes of this table.
   *
   * @param table which is changed at once
   */
  public TableTransaction(Instant now, Map<String, S> table) {
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
    published.add(new Published(topic, key, event));
  }

  @Override
  public void afterwards(Runnable effect) {
    effects.add(effect);
  }

  /** Makes the table what it was. */
  public void undo() {
    before.forEach((key, record) -> {
      if (record.isPresent()) {
        table.put(key, record.get());
      } else {
        table.remove(key);
      }
    });
  }

  /** What the keys that were touched have now; empty for those that were removed. */
  public Map<String, Optional<S>> changes() {
    var changes = new HashMap<String, Optional<S>>();
    before.keySet().forEach(key -> changes.put(key, get(key)));
    return changes;
  }

  /** What is to be published, in order. */
  public List<Published> published() {
    return Collections.unmodifiableList(published);
  }

  /** What is to be done when the rest is certain, in order. */
  public List<Runnable> effects() {
    return Collections.unmodifiableList(effects);
  }
}
