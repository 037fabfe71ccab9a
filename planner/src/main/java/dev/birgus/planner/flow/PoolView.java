package dev.birgus.planner.flow;

import dev.birgus.infra.contracts.StageId;
import dev.birgus.planner.flow.DeskEntry.Node;
import dev.birgus.planner.flow.DeskEntry.Order;
import dev.birgus.planner.flow.DeskEntry.Past;
import dev.birgus.planner.flow.DeskEntry.Phase;
import dev.birgus.planner.flow.DeskEntry.Served;
import dev.birgus.planner.flow.DeskEntry.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pool as its table has it now.
 *
 * @param nodes that are alive
 * @param waiting for a slot
 * @param issued which is running, on the queue, or being stopped
 * @param turns of tenants, by their names
 */
record PoolView(
    List<Node> nodes, List<Found> waiting, List<Found> issued, Map<String, Long> turns) {

  /** A task and its key. */
  record Found(String key, Task task) {}

  static PoolView of(DeskTurn turn, DeskSettings settings) {
    var view =
        new PoolView(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new HashMap<>());
    var alive = turn.now().minus(settings.nodeSilence());
    turn.forEach((key, entry) -> {
      switch (entry) {
        case Task task when task.phase() == Phase.WAITING -> view.waiting.add(new Found(key, task));
        case Task task -> view.issued.add(new Found(key, task));
        case Node node when !node.seen().isBefore(alive) -> view.nodes.add(node);
        case Served served -> view.turns.put(served.tenant(), served.turn());
        case Node _, Past _, Order _ -> {}
      }
    });
    return view;
  }

  int slots() {
    return nodes.stream().mapToInt(node -> node.report().slots()).sum();
  }

  /** Slots that nothing runs in, as far as the nodes have said. */
  int freeSlots() {
    return nodes.stream()
        .mapToInt(node -> Math.max(0, node.report().slots() - node.report().running().size()))
        .sum();
  }

  /**
   * Whether a living node has said that it runs the last attempt of this. Of equal stages that it
   * runs, a build's own and a shared one, a node tells the highest attempt only; then it runs the
   * other, too, if it has begun it.
   */
  boolean runs(Task task) {
    return nodes.stream()
        .anyMatch(node -> {
          var told = node.report().running().getOrDefault(task.stage(), -1);
          return told == task.attempt()
              || (told > task.attempt() && task.isBegunOn(node.report().node()));
        });
  }

  /** What else than this was issued, and was begun so often or more without an outcome. */
  List<Found> suspects(String key, int starts) {
    return issued.stream()
        .filter(found -> !found.key().equals(key) && found.task().starts().size() >= starts)
        .toList();
  }

  /**
   * How many slots are taken, or will be: nodes that take no more are left out with all they run.
   */
  long load() {
    var leaving = new HashMap<StageId, Integer>();
    for (var node : nodes) {
      if (node.report().slots() == 0) {
        leaving.putAll(node.report().running());
      }
    }
    return issued.stream()
        .map(Found::task)
        .filter(task -> !Integer.valueOf(task.attempt()).equals(leaving.get(task.stage())))
        .count();
  }
}
