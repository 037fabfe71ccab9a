package dev.birgus.infra.blobs;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Lets threads handle the same thing one after the other, and different things side by side.
 *
 * @param <K> names a thing; equal keys are the same thing
 */
public final class OneAtATime<K> {

  private final Map<K, Queue> queues = new HashMap<>();

  /** Those who handle a thing or wait for it. */
  private static final class Queue {
    final Semaphore free = new Semaphore(1, true);
    int members;
  }

  /** The right to handle a thing. It may be given back by another thread, and more than once. */
  public interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits until nobody else handles the thing. */
  public Turn take(K key) throws InterruptedException {
    var queue = join(key);
    try {
      queue.free.acquire();
    } catch (InterruptedException ended) {
      leave(key, queue);
      throw ended;
    }
    return new Turn() {
      private boolean over;

      @Override
      public void close() {
        synchronized (queue) {
          if (over) {
            return;
          }
          over = true;
        }
        queue.free.release();
        leave(key, queue);
      }
    };
  }

  private synchronized Queue join(K key) {
    var queue = queues.computeIfAbsent(key, _ -> new Queue());
    queue.members++;
    return queue;
  }

  private synchronized void leave(K key, Queue queue) {
    queue.members--;
    if (queue.members == 0) {
      queues.remove(key);
    }
  }
}
