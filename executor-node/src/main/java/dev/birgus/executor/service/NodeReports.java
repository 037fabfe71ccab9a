package dev.birgus.executor.service;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.Event.NodeReported;
import dev.birgus.infra.contracts.Topic;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Says that a node is there, and what it runs: at the start, when something has changed, and every
 * few seconds.
 */
final class NodeReports implements AutoCloseable {

  private static final long SECONDS_BETWEEN = 5;

  private final EventBus bus;
  private final Supplier<NodeReported> report;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Thread thread = Thread.ofVirtual().name("node-reports").unstarted(this::run);
  private boolean changed;
  private boolean closed;

  /**
   * Reports that have not begun.
   *
   * @param report how the node is when it is asked
   */
  NodeReports(EventBus bus, Supplier<NodeReported> report) {
    this.bus = bus;
    this.report = report;
  }

  /** Reports for the first time, and from now on. */
  void start() {
    tell();
    thread.start();
  }

  /**
   * Something has changed. It is told by another thread, so the one who changed it need not wait.
   */
  void changed() {
    lock.lock();
    try {
      changed = true;
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (awaitNews()) {
      tell();
    }
  }

  /** Whether there is something to report now. */
  private boolean awaitNews() {
    lock.lock();
    try {
      var left = TimeUnit.SECONDS.toNanos(SECONDS_BETWEEN);
      while (!changed && !closed && left > 0) {
        left = news.awaitNanos(left);
      }
      changed = false;
      return !closed;
    } catch (InterruptedException _) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void tell() {
    var now = report.get();
    bus.publish(Topic.STAGES, now.pool(), now);
  }

  /** Reports no more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      news.signal();
    } finally {
      lock.unlock();
    }
    var interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
