package dev.birgus.planner.flow;

import dev.birgus.planner.flow.DeskEntry.Drought;
import dev.birgus.planner.flow.DeskEntry.Node;
import dev.birgus.planner.flow.DeskEntry.Order;
import dev.birgus.planner.flow.DeskEntry.Past;
import dev.birgus.planner.flow.DeskEntry.Phase;
import dev.birgus.planner.flow.DeskEntry.Served;
import dev.birgus.planner.flow.DeskEntry.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What a desk does because time has passed: it forgets, and looks for stages that were lost. */
final class DeskClock {

  /** For how long it is known whose turn it was. */
  private static final Duration TURNS = Duration.ofHours(1);

  private static final int MOST_TENANTS = 10_000;

  private final DeskSettings settings;

  DeskClock(DeskSettings settings) {
    this.settings = settings;
  }

  void tick(DeskTurn turn) {
    var past = new ArrayList<Map.Entry<String, Past>>();
    var served = new ArrayList<Map.Entry<String, Served>>();
    var gone = new ArrayList<String>();
    turn.forEach((key, entry) -> {
      switch (entry) {
        case Past each when turn.now().isBefore(each.until()) -> past.add(Map.entry(key, each));
        case Past _ -> gone.add(key);
        case Node node when node.seen().plus(forgotten()).isBefore(turn.now()) -> gone.add(key);
        case Served each when each.at().plus(TURNS).isBefore(turn.now()) -> gone.add(key);
        case Served each -> served.add(Map.entry(key, each));
        case Node _, Order _, Task _, Drought _ -> {}
      }
    });
    gone.forEach(turn::remove);
    forget(turn, past, settings.mostResults(), Past::until);
    forget(turn, served, MOST_TENANTS, Served::at);
    search(turn);
  }

  private Duration forgotten() {
    return settings.nodeSilence().multipliedBy(4);
  }

  /** Keeps as many as there is room for, the youngest. */
  private static <E> void forget(
      DeskTurn turn, List<Map.Entry<String, E>> entries, int room, Function<E, Instant> age) {
    var tooMany = entries.size() - room;
    if (tooMany > 0) {
      entries.stream()
          .sorted(Comparator.comparing(each -> age.apply(each.getValue())))
          .limit(tooMany)
          .forEach(each -> turn.remove(each.getKey()));
    }
  }

  /**
   * Looks for stages that were issued and that no node has, though one could have taken them, or
   * has taken one that was issued later. Else, while all slots are taken, a stage may well be on
   * the queue.
   */
  private void search(DeskTurn turn) {
    var pool = PoolView.of(turn, settings);
    for (var issued : pool.issued()) {
      var runs = pool.runs(issued.task());
      var task = runs ? issued.task().asOvertaken(false) : issued.task();
      var missing =
          !runs
              && (pool.freeSlots() > 0 || task.overtaken())
              && task.changed().plus(settings.nodeSilence()).isBefore(turn.now());
      if (!missing) {
        var there = task.missing(Optional.empty());
        if (!there.equals(issued.task())) {
          turn.put(issued.key(), there);
        }
      } else if (task.missing().isEmpty()) {
        turn.put(issued.key(), task.missing(Optional.of(turn.now())));
      } else if (!turn.now().isBefore(task.missing().get().plus(settings.lostAfter()))) {
        lost(turn, issued.key(), task);
      }
    }
  }

  private static void lost(DeskTurn turn, String key, Task task) {
    if (task.claims().isEmpty()) {
      turn.over(key, task, Optional.empty());
      return;
    }
    // Should a node have it all the same, which says nothing, it is to stop.
    task.runner()
        .ifPresent(runner ->
            turn.stop(runner, task.stage(), task.attempt(), "its node said nothing any more"));
    turn.put(key, task.in(Phase.WAITING, turn.now()));
  }
}
