package dev.birgus.infra.bus;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import java.util.Optional;

/**
 * A part of the pipeline that remembers. It has a share of the keys to itself, reads the events of
 * those keys one at a time, and keeps a table. What it puts into the table and what it publishes on
 * account of an event becomes certain together with having read it, or not at all.
 *
 * <p>An instance has one share, from {@link #taken} to {@link #givenUp}; then another instance,
 * perhaps of another process, goes on with the table as it is. All its methods are called by one
 * thread at a time.
 *
 * @param <S> the records of the table
 */
public interface Processor<S> {

  /**
   * It has its share now. Effects that were going on, and whose outcome the table does not have,
   * are to be begun again.
   *
   * @param table as it was left; empty the first time
   */
  void taken(Transaction<S> table);

  /**
   * Handles an event. If it throws, or if what comes of it is too large to be sent, nothing is
   * changed or published; the failure is reported, {@link #gaveUp} is called, and the next event
   * comes.
   *
   * @param key the event's; on a topic of builds it is the event's build, whoever sent it
   */
  void handle(String key, Event event, Transaction<S> transaction);

  /**
   * Nothing came of an event, and nothing will: who waits for it can be told here.
   *
   * @param key the event's, as far as it says one
   * @param event empty if it cannot be read
   */
  default void gaveUp(String key, Optional<Event> event, Failure why, Transaction<S> transaction) {
    // Who does not care what became of its events has nobody to tell.
  }

  /** Time has passed: called about once a second. */
  void tick(Transaction<S> transaction);

  /** It has its share no more. Effects it began are to be ended. */
  void givenUp();
}
