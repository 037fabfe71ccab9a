package dev.birgus.pusher.upload;

import dev.birgus.infra.contracts.BuildId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;

/**
 * How many requests go to one registry at a time, by all builds of the process together. Builds
 * that wait get their turns one after the other, so a large one does not keep the others out.
 */
final class UploadSlots {

  private final int atOnce;
  private final Map<String, Counter> registries = new HashMap<>();

  /**
   * Slots.
   *
   * @param atOnce how many each registry has, at least 1
   */
  UploadSlots(int atOnce) {
    this.atOnce = atOnce;
  }

  /** The right to send a request. Closed once, by any thread. */
  interface Slot extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits for a slot of the registry. */
  Slot take(String registry, BuildId build) throws InterruptedException {
    var counter = counter(registry);
    var granted = counter.ask(build);
    try {
      granted.await();
    } catch (InterruptedException ended) {
      counter.withdraw(build, granted);
      throw ended;
    }
    return counter::giveBack;
  }

  private synchronized Counter counter(String registry) {
    return registries.computeIfAbsent(registry, _ -> new Counter(atOnce));
  }

  /** The slots of one registry, and who waits for them: the builds in the order of their turns. */
  private static final class Counter {
    private final Map<BuildId, Queue<CountDownLatch>> waiting = new LinkedHashMap<>();
    private int free;

    Counter(int free) {
      this.free = free;
    }

    synchronized CountDownLatch ask(BuildId build) {
      var granted = new CountDownLatch(1);
      if (free > 0) {
        free--;
        granted.countDown();
      } else {
        waiting.computeIfAbsent(build, _ -> new ArrayDeque<>()).add(granted);
      }
      return granted;
    }

    synchronized void withdraw(BuildId build, CountDownLatch asked) {
      if (asked.getCount() == 0) {
        giveBack();
        return;
      }
      waiting.computeIfPresent(
          build,
          (_, queue) -> {
            queue.remove(asked);
            return queue.isEmpty() ? null : queue;
          });
    }

    synchronized void giveBack() {
      var turns = waiting.entrySet().iterator();
      if (!turns.hasNext()) {
        free++;
        return;
      }
      var first = turns.next();
      turns.remove();
      var queue = first.getValue();
      queue.remove().countDown();
      if (!queue.isEmpty()) {
        waiting.put(first.getKey(), queue);
      }
    }
  }
}
