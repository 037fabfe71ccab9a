package dev.birgus.infra.bus;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a handler, first come first served.
 *
 * @param <T> what waits
 */
final class EventQueue<T> {

  private final int capacity;
  private final ArrayDeque<T> waiting = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition notFull = lock.newCondition();
  private boolean over;

  EventQueue(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Adds something.
   *
   * @param mayWait whether to wait while the queue is full. An interrupt ends the waiting, and the
   *     event goes in all the same: it must not be lost.
   */
  void put(T event, boolean mayWait) {
    lock.lock();
    try {
      while (mayWait && !over && waiting.size() >= capacity) {
        try {
          notFull.await();
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
          break;
        }
      }
      if (!over) {
        waiting.add(event);
        notEmpty.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for what comes next; none once the queue, or the one who asks, has ended. */
  @Nullable T take(AtomicBoolean askerEnded) {
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
        var event = waiting.poll();
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

  /** What comes next; empty if nothing does for this long, or if the queue has ended. */
  Optional<T> poll(Duration patience) {
    lock.lock();
    try {
      Thread.interrupted();
      var left = patience.toNanos();
      while (waiting.isEmpty() && !over && left > 0) {
        left = notEmpty.awaitNanos(left);
      }
      var event = Optional.ofNullable(waiting.poll());
      notFull.signal();
      return event;
    } catch (InterruptedException _) {
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the queue: nothing goes in or out any more. */
  void end() {
    lock.lock();
    try {
      over = true;
      waiting.clear();
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
