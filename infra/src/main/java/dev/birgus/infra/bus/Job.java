package dev.birgus.infra.bus;

import dev.birgus.infra.contracts.Event;

/** A job a worker has taken off a work queue. It is the worker's as long as its lease lasts. */
public interface Job {

  /** What is to be done. */
  Event event();

  /**
   * How often it was given to a worker, this time included: 1 the first time. More says that a
   * worker before has died, or has given it back.
   */
  int delivery();

  /**
   * Asks whether it is still this worker's. Who is told that it is not has to stop and to publish
   * nothing of it any more: another worker has it. Asking renews the lease, so there is a lease's
   * time to do what must be done by one worker only.
   */
  boolean stillMine();

  /**
   * Gives it back, for another worker to take at once. To be called by the worker's thread, which
   * does nothing more about it.
   */
  void giveBack();
}
