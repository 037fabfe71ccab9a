package dev.birgus.planner.flow;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a desk writes down and publishes on account of an event.
 *
 * @param changes of the table: empty for an entry that goes
 * @param published in order
 * @param needs of all pools of the table, by their names, when time has passed; else empty
 */
public record DeskDecision(
    Map<String, Optional<DeskEntry>> changes,
    List<Outgoing> published,
    Map<String, PoolNeed> needs) {

  public DeskDecision {
    changes = Collections.unmodifiableMap(new LinkedHashMap<>(changes));
    published = List.copyOf(published);
    needs = Map.copyOf(needs);
  }

  /** What follows from an event. */
  DeskDecision(Map<String, Optional<DeskEntry>> changes, List<Outgoing> published) {
    this(changes, published, Map.of());
  }

  /** An event and where it goes. */
  public record Outgoing(Topic topic, String key, Event event) {
    public Outgoing {
      requireNonNull(topic, "topic");
      requireNonNull(key, "key");
      requireNonNull(event, "event");
    }
  }
}
