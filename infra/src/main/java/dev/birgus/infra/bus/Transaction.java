package dev.birgus.infra.bus;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link Processor} does on account of an event. It is seen at once by who does it, and by
 * all others when it is certain.
 *
 * @param <S> the records of the table
 */
public interface Transaction<S> {

  /** The time of this process. Processes' clocks may differ by a minute. */
  Instant now();

  /** What the table has under this key. */
  Optional<S> get(String key);

  /** All the share's table, with what was put so far; in no order. Not to be kept. */
  Map<String, S> table();

  /** Puts a record into the table. */
  void put(String key, S record);

  /** Takes a record out of the table. */
  void remove(String key);

  /** Publishes an event when this has become certain. */
  void publish(Topic topic, String key, Event event);

  /**
   * Does something when this has become certain. After a death in between it is not done: {@link
   * Processor#taken} has to see from the table that it is missing.
   */
  void afterwards(Runnable effect);
}
