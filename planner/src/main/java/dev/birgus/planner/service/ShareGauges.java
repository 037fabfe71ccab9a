package dev.birgus.planner.service;

import dev.birgus.infra.observe.Meter;
import dev.birgus.infra.observe.Metrics;
import dev.birgus.planner.flow.PoolNeed;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/**
 * Shows what this process's shares of the builds and of the pools come to. What a share says of
 * itself counts until it is given up, so that planners together show each build and each pool once.
 */
final class ShareGauges {

  private final Metrics metrics;
  private final Map<Object, Integer> builds = new ConcurrentHashMap<>();
  private final Map<Object, Map<String, PoolNeed>> pools = new ConcurrentHashMap<>();

  ShareGauges(Metrics metrics) {
    this.metrics = metrics;
    metrics.gauge(
        Meter.BUILDS_OPEN, () -> builds.values().stream().mapToInt(Integer::intValue).sum());
  }

  /** So many builds of a share have not ended. */
  void builds(Object share, int open) {
    builds.put(share, open);
  }

  /** That is what the pools of a share need; it has no others. */
  synchronized void pools(Object share, Map<String, PoolNeed> needs) {
    var before = names();
    pools.put(share, Map.copyOf(needs));
    show(before);
  }

  /** A share is somebody else's now. */
  synchronized void givenUp(Object share) {
    var before = names();
    builds.remove(share);
    pools.remove(share);
    show(before);
  }

  private Set<String> names() {
    var names = new HashSet<String>();
    pools.values().forEach(needs -> names.addAll(needs.keySet()));
    return names;
  }

  private void show(Set<String> before) {
    var now = names();
    for (var pool : now) {
      if (!before.contains(pool)) {
        metrics.gauge(Meter.STAGES_WAITING, () -> sum(pool, PoolNeed::waiting), pool);
        metrics.gauge(Meter.POOL_SLOTS, () -> sum(pool, PoolNeed::slots), pool);
      }
    }
    for (var pool : before) {
      if (!now.contains(pool)) {
        metrics.forget(Meter.STAGES_WAITING, pool);
        metrics.forget(Meter.POOL_SLOTS, pool);
      }
    }
  }

  /** Of shares that have this pool: while it goes from one to another both may say that. */
  private int sum(String pool, ToIntFunction<PoolNeed> number) {
    var sum = 0;
    for (var needs : pools.values()) {
      var need = needs.get(pool);
      if (need != null) {
        sum += number.applyAsInt(need);
      }
    }
    return sum;
  }
}
