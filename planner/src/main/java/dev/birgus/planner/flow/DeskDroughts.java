package dev.birgus.planner.flow;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.planner.flow.DeskEntry.Drought;
import dev.birgus.planner.flow.DeskEntry.Task;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells builds that their pool has no node that takes stages, and when it has one. Such a pool may
 * be one that nobody has, as its name is mistyped: its builds would wait without a word.
 */
final class DeskDroughts {

  /** How long a pool may be without slots before anybody is told: nodes are started anew. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private DeskDroughts() {}

  /** Looks after a pool when time has passed. */
  static void tick(DeskTurn turn, PoolView pool) {
    var before = turn.get(DeskKeys.drought(turn.pool()), Drought.class);
    var waiting = builds(pool.unserved());
    if (pool.slots() > 0 || waiting.isEmpty()) {
      before.ifPresent(drought -> end(turn, pool, drought));
    } else {
      goOn(turn, before, waiting);
    }
  }

  private static void goOn(DeskTurn turn, Optional<Drought> before, Set<BuildId> waiting) {
    var drought = before.orElseGet(() -> new Drought(turn.now(), Set.of()));
    var told = new HashSet<>(drought.told());
    told.retainAll(waiting);
    if (!turn.now().isBefore(drought.since().plus(PATIENCE))) {
      waiting.stream().filter(told::add).forEach(build -> tell(turn, build, false));
    }
    var after = new Drought(drought.since(), told);
    if (!before.equals(Optional.of(after))) {
      turn.put(DeskKeys.drought(turn.pool()), after);
    }
  }

  private static void end(DeskTurn turn, PoolView pool, Drought drought) {
    turn.remove(DeskKeys.drought(turn.pool()));
    if (pool.slots() > 0) {
      var wanting = builds(pool.tasks());
      wanting.retainAll(drought.told());
      wanting.forEach(build -> tell(turn, build, true));
    }
  }

  private static void tell(DeskTurn turn, BuildId build, boolean over) {
    turn.answer(new Event.NodesAwaited(build, turn.pool(), over), false);
  }

  /** In an order that is the same whoever decides. */
  private static Set<BuildId> builds(Collection<Task> tasks) {
    var builds = new TreeSet<BuildId>((one, other) -> one.value().compareTo(other.value()));
    tasks.forEach(task -> builds.addAll(task.claims().keySet()));
    return builds;
  }
}
