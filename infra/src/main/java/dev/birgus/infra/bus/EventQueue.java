package dev.birgus.infra.bus;

import dev.birgus.infra.contracts.Event;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Events that wait for a handler, first come first served. */
final class EventQueue {

  private final int capacity;
  private final ArrayDeque<Event> events = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition notFull = lock.newCondition();
  private boolean over;

  EventQueue(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Adds an event.
   *
   * @param mayWait whether to wait while the queue is full. An interrupt ends the waiting, and the
   *     event goes in all the same: it must not be lost.
   */
  void put(Event event, boolean mayWait) {
    lock.lock();
    try {
      while (mayWait && !over && events.size() >= capacity) {
        try {
          notFull.await();
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
          break;
        }
      }
      if (!over) {
        events.add(event);
        notEmpty.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next event; none once the queue, or the one who asks, has ended. */
  @Nullable Event take(AtomicBoolean askerEnded) {
    lock.lock();
    try {
      while (true) {
        // What interrupted the handler of the last event is no business of the next one. This comes
        // before the look at askerEnded, so that the interrupt that follows an end is never lost.
        Thread.interrupted();
        if (over || askerEnded.get()) {
          // A signal meant for another worker may have been spent on this one.
          notEmpty.signal();
          return null;
        }
        var event = events.poll();
        if (event != null) {
          notFull.signal();
          return event;
        }
        notEmpty.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the queue: nothing goes in or out any more. */
  void end() {
    lock.lock();
    try {
      over = true;
      events.clear();
      notEmpty.signalAll();
      notFull.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets whoever waits look again whether it has ended. */
  void wake() {
    lock.lock();
    try {
      notEmpty.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
