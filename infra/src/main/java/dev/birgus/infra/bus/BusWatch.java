package dev.birgus.infra.bus;

import dev.birgus.infra.contracts.Event;
import java.util.Optional;

/**
 * Is told what a bus cannot tell whoever publishes or handles. Called on the bus's threads; it must
 * not block.
 */
public interface BusWatch {

  /** A handler threw: at this event, or at none when it was told that time has passed. */
  void handlerFailed(Optional<Event> event, Throwable failure);

  /**
   * A reader, worker or processor of this process has stopped for good though nobody told it to.
   * The process does not do its part any more: it is not ready, and has to be started again.
   */
  default void stopped(String part, Throwable why) {}

  /** A processor begins anew from what is certain: what it did last was refused, or timed out. */
  default void begunAnew(String processor, Throwable why) {}

  /** An event was passed over because its type is not known here: its sender is newer. */
  default void typeUnknown(String type) {}

  /** An event of this topic was passed over because it cannot be read: it is no event of ours. */
  default void unreadable(String topic) {}

  /**
   * A worker here took a job of this topic that was given out before: its worker has died, lost its
   * lease or thrown, or has given it back. Only whoever takes a job over can tell of a worker that
   * is dead.
   */
  default void deliveredAgain(String topic) {}

  /** A worker of this topic was told that its job is another's now. */
  default void leaseLost(String topic) {}

  /** A reader of this topic came too late: what it had not read yet is not kept any more. */
  default void placeLost(String topic) {}

  /** An event of a feed was given up: the brokers did not take it for too long. */
  default void notSent(String topic) {}
}
