package dev.birgus.infra.bus;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Carries events. Delivery is at least once; events of one key on one topic arrive in the order
 * they were published; handlers may block and are called on a thread of their own subscription.
 */
public interface EventBus extends AutoCloseable {

  /**
   * Publishes an event. Returns when the bus has taken it over.
   *
   * @param key whose order it is part of; on a work queue the lane whose workers it is for
   */
  void publish(Topic topic, String key, Event event);

  /**
   * Delivers the events of the topic to the members of a group, one at a time each. Who is alone in
   * its group gets all; events of one key go to one member. Where events outlive processes, a group
   * goes on where it was, and a new one begins with the oldest event there is.
   *
   * <p>A handler that throws is a bug: the bus reports it and goes on with the next event.
   */
  Subscription subscribe(Topic topic, String group, Consumer<Event> handler);

  /**
   * Delivers every event published on the topic from now on to the handler, one at a time, whoever
   * else reads it. In one process, where nothing outlives its readers, that is what being alone in
   * a group comes to.
   *
   * @param name of the one who follows, for messages
   */
  default Subscription follow(Topic topic, String name, Consumer<Event> handler) {
    return subscribe(topic, name, handler);
  }

  /**
   * Delivers every event of the topic to the handler, as {@link #follow} does, but from the oldest
   * there is, and tells when what there was has been handled. In one process nothing is kept for
   * those who come later.
   *
   * @param name of the one who reads, for messages
   */
  default Replay replay(Topic topic, String name, Consumer<Event> handler) {
    return Replay.of(follow(topic, name, handler), CompletableFuture.completedFuture(null));
  }

  /** Runs a part of the pipeline that remembers, as a member of its group. */
  <S> Subscription process(Processing<S> processing);

  /**
   * Takes jobs off a lane of a work queue: every job goes to exactly one worker of the group, and
   * to another if that one dies, or loses its lease.
   *
   * @param lane whose jobs these are, which is the key they were published under
   * @param slots how many jobs this worker runs at once, at least 1
   */
  Subscription work(Topic queue, String lane, String group, int slots, Consumer<Job> worker);

  /** Ends every subscription. Handlers that are running are interrupted and waited for. */
  @Override
  void close();

  /** A running delivery. */
  interface Subscription extends AutoCloseable {
    /** Ends it. Returns when its handler is not running any more. */
    @Override
    void close();
  }
}
