package dev.birgus.planner.flow;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.planner.flow.DeskEntry.Claim;
import dev.birgus.planner.flow.DeskEntry.Node;
import dev.birgus.planner.flow.DeskEntry.Order;
import dev.birgus.planner.flow.DeskEntry.Past;
import dev.birgus.planner.flow.DeskEntry.Phase;
import dev.birgus.planner.flow.DeskEntry.Start;
import dev.birgus.planner.flow.DeskEntry.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Decides which stages run when on a pool of nodes. Builds ask for stages; equal ones run once, and
 * what they come to is given to all who want it, and for some time to those who come later. The
 * work queue gets only what the pool's slots can take, so that what is urgent, and whose turn it
 * is, is decided as late as can be.
 *
 * <p>Nodes may die, and say things twice or late. The first success of any attempt counts, and of
 * failures that of the last attempt.
 */
public final class Desk {

  /** More than this do not count. */
  private static final int MOST_NODES = 10_000;

  private final DeskSettings settings;
  private final DeskQueue queue;

  /** A desk that works so. */
  public Desk(DeskSettings settings) {
    this.settings = requireNonNull(settings, "settings");
    this.queue = new DeskQueue(settings);
  }

  /**
   * What an event means for a pool.
   *
   * @param table the entries of this pool, and perhaps of others
   */
  public DeskDecision decide(String pool, Map<String, DeskEntry> table, Event event, Instant now) {
    var turn = new DeskTurn(pool, table, now, settings);
    switch (event) {
      case Event.StageWanted wanted -> wanted(turn, wanted);
      case Event.StageUnwanted unwanted -> unwanted(turn, unwanted);
      case Event.StageResultLost lost -> lost(turn, lost);
      case Event.StageStarted started -> started(turn, started);
      case Event.StageFinished finished -> finished(turn, finished);
      case Event.StageFailed failed -> failed(turn, failed);
      case Event.StageHandedBack back -> handedBack(turn, back);
      case Event.StageLeaseLost lost -> leaseLost(turn, lost);
      case Event.NodeReported report -> reported(turn, report);
      default -> {
        return turn.decision();
      }
    }
    queue.issue(turn);
    return turn.decision();
  }

  /** What it means for all pools of a table that time has passed. */
  public DeskDecision tick(Map<String, DeskEntry> table, Instant now) {
    var pools = table.keySet().stream().map(DeskKeys::poolOf).collect(Collectors.toSet());
    var changes = new LinkedHashMap<String, Optional<DeskEntry>>();
    var published = new ArrayList<DeskDecision.Outgoing>();
    for (var pool : new TreeSet<>(pools)) {
      var turn = new DeskTurn(pool, table, now, settings);
      new DeskClock(settings).tick(turn);
      queue.issue(turn);
      changes.putAll(turn.decision().changes());
      published.addAll(turn.decision().published());
    }
    return new DeskDecision(changes, published);
  }

  private void wanted(DeskTurn turn, Event.StageWanted wanted) {
    var build = wanted.build();
    var stage = wanted.stage().id();
    if (turn.order(stage, build).isPresent()) {
      return;
    }
    var shared = DeskKeys.shared(turn.pool(), stage);
    var open = wanted.scheduling().shared();
    var known = turn.get(DeskKeys.past(shared), Past.class).filter(past -> isFresh(turn, past));
    if (open && known.isPresent()) {
      reuse(turn, wanted, known.get());
      return;
    }
    if (turn.has(settings.mostOrders(), Order.class)) {
      refuse(turn, wanted);
      return;
    }
    var running = turn.get(shared, Task.class);
    var joins = open && (running.isEmpty() || agree(turn, running.get(), wanted));
    var key = joins ? shared : DeskKeys.own(turn.pool(), stage, build);
    var task =
        turn.get(key, Task.class)
            .orElseGet(() -> Task.of(stage, open, lastAttempt(turn, key), turn.now()));
    var scheduling = wanted.scheduling();
    var claim = new Claim(scheduling.tenant(), scheduling.priority(), turn.now());
    turn.put(DeskKeys.order(turn.pool(), stage, build), new Order(wanted));
    turn.put(key, task.with(build, claim));
    if (task.phase() == Phase.ISSUED) {
      task.runner().ifPresent(by -> turn.announce(new Event.StageShared(build, stage, by, false)));
    }
  }

  private boolean isFresh(DeskTurn turn, Past past) {
    return past.result().isPresent() && turn.now().isBefore(past.until());
  }

  private static void reuse(DeskTurn turn, Event.StageWanted wanted, Past past) {
    var build = wanted.build();
    turn.announce(new Event.StageShared(build, past.stage(), past.build(), true));
    past.result()
        .ifPresent(result ->
            turn.answer(
                new Event.StageFinished(build, past.stage(), past.attempt(), result), false));
  }

  private void refuse(DeskTurn turn, Event.StageWanted wanted) {
    var failure =
        Failure.of(
            "queue-full",
            settings.mostOrders() + " stages wait for the nodes of the pool " + turn.pool(),
            "try again later, or start more nodes");
    turn.answer(new Event.StageFailed(wanted.build(), wanted.stage().id(), 0, failure), false);
  }

  /** What a command may use of the machine is not in the stage's id, but it may fail by it. */
  private static boolean agree(DeskTurn turn, Task task, Event.StageWanted wanted) {
    return task.queue().stream()
        .flatMap(build -> turn.order(task.stage(), build).stream())
        .map(order -> order.wanted().options().grants().limits())
        .allMatch(wanted.options().grants().limits()::equals);
  }

  private static int lastAttempt(DeskTurn turn, String key) {
    return turn.get(DeskKeys.past(key), Past.class).map(Past::attempt).orElse(0);
  }

  private void unwanted(DeskTurn turn, Event.StageUnwanted unwanted) {
    var build = unwanted.build();
    var stage = unwanted.stage();
    var key = turn.task(stage, build).orElse("");
    var task = turn.get(key, Task.class).filter(each -> each.claims().containsKey(build));
    if (task.isEmpty()) {
      return;
    }
    turn.removeOrder(stage, build);
    var left = task.get().without(build);
    if (!left.claims().isEmpty()) {
      turn.put(key, left);
    } else {
      drop(turn, key, left, unwanted.reason());
    }
  }

  /** Has a task end that nobody wants. */
  private void drop(DeskTurn turn, String key, Task task, String reason) {
    switch (task.phase()) {
      case WAITING -> turn.over(key, task, Optional.empty());
      case ISSUED -> {
        task.runner().ifPresent(runner -> turn.stop(runner, task.stage(), task.attempt(), reason));
        turn.put(key, task.in(Phase.STOPPING, turn.now()));
      }
      case STOPPING -> turn.put(key, task);
    }
  }

  private static void lost(DeskTurn turn, Event.StageResultLost lost) {
    var key = DeskKeys.past(DeskKeys.shared(turn.pool(), lost.stage()));
    turn.get(key, Past.class)
        .filter(past -> past.result().equals(Optional.of(lost.result())))
        .ifPresent(past ->
            turn.put(
                key,
                new Past(
                    past.stage(), past.build(), past.attempt(), Optional.empty(), past.until())));
  }

  private void started(DeskTurn turn, Event.StageStarted started) {
    var key = turn.attempt(started.stage(), started.build(), started.attempt()).orElse("");
    var found = turn.get(key, Task.class);
    if (found.isEmpty()) {
      // It was given up, or another attempt has come to an end: nobody waits for this one.
      turn.stop(started.build(), started.stage(), started.attempt(), "nobody waits for it");
      return;
    }
    switch (found.get().phase()) {
      case WAITING -> {}
      // Whoever begins it now has not heard that it was stopped.
      case STOPPING ->
          turn.stop(started.build(), started.stage(), started.attempt(), "nobody wants it");
      case ISSUED -> {
        var start = new Start(started.attempt(), started.delivery(), started.node());
        var task = found.get().started(start);
        turn.put(key, task);
        overtake(turn, task);
        if (task.starts().size() > settings.mostStarts()) {
          judge(turn, key, task);
        }
      }
    }
  }

  /**
   * The queue gives out first what was put there first, so what was issued before a stage that is
   * begun, and runs nowhere, is on the queue no more.
   */
  private void overtake(DeskTurn turn, Task begun) {
    var pool = PoolView.of(turn, settings);
    for (var each : pool.issued()) {
      var task = each.task();
      if (!task.overtaken() && task.changed().isBefore(begun.changed()) && !pool.runs(task)) {
        turn.put(each.key(), task.asOvertaken(true));
      }
    }
  }

  /**
   * A stage was on too many nodes that went down. If others were, too, which of them it is shows
   * when they are not beside each other: once, this one waits for what becomes of those.
   */
  private void judge(DeskTurn turn, String key, Task task) {
    var others = PoolView.of(turn, settings).suspects(key, settings.suspicious());
    if (task.apart() || others.isEmpty()) {
      poison(turn, key, task);
      return;
    }
    var left = settings.leftAfterDoubt();
    others.forEach(other -> turn.put(other.key(), other.task().pardoned(left)));
    var reason = "another stage may have ended its nodes, and is watched first";
    drop(turn, key, task.pardoned(left).asApart(), reason);
  }

  /** Gives a stage up that takes nodes down. */
  private void poison(DeskTurn turn, String key, Task task) {
    var nodes = task.starts().stream().map(Start::node).distinct().toList();
    var name = name(turn, task);
    var failure =
        Failure.of(
            "stage-ends-nodes",
            "stage "
                + name
                + " was begun "
                + task.starts().size()
                + " times and never came to an end, on "
                + String.join(", ", nodes),
            "look what happened to these nodes: a step may use up their memory; see --step-memory");
    fail(turn, task, task.attempt(), failure, Optional.empty());
    drop(turn, key, task.with(Map.of()), "it has ended too many nodes");
    // Where it runs now it has not ended anything yet.
    var taken = task.starts().subList(0, task.starts().size() - 1);
    pardon(turn, key, taken.stream().map(Start::node).toList());
  }

  /** What was on the same nodes has not taken them down. */
  private static void pardon(DeskTurn turn, String guilty, List<String> nodes) {
    var others = new LinkedHashMap<String, Task>();
    turn.forEach((key, entry) -> {
      if (entry instanceof Task task && !key.equals(guilty) && !task.starts().isEmpty()) {
        others.put(key, task);
      }
    });
    others.forEach((key, task) -> turn.put(key, task.pardoned(nodes)));
  }

  private static String name(DeskTurn turn, Task task) {
    return task.queue().stream()
        .flatMap(build -> turn.order(task.stage(), build).stream())
        .map(order -> order.wanted().stage().name())
        .findFirst()
        .orElseGet(() -> task.stage().toString());
  }

  private void finished(DeskTurn turn, Event.StageFinished finished) {
    var key = turn.ran(finished.stage(), finished.build()).orElse("");
    var found = turn.get(key, Task.class);
    if (found.isEmpty()) {
      return;
    }
    var task = found.get();
    for (var build : task.queue()) {
      var own = build.equals(finished.build());
      turn.answer(
          new Event.StageFinished(build, task.stage(), finished.attempt(), finished.result()), own);
      turn.removeOrder(task.stage(), build);
    }
    var result = task.shared() ? Optional.of(finished.result()) : Optional.<StageResult>empty();
    var last = task.phase() == Phase.WAITING || finished.attempt() >= task.attempt();
    turn.over(key, task, result);
    if (!last) {
      // An earlier attempt was not lost after all, and the later one still holds a slot.
      drop(turn, key, task.with(Map.of()), "another node has finished it");
    }
  }

  private void failed(DeskTurn turn, Event.StageFailed failed) {
    var key = turn.attempt(failed.stage(), failed.build(), failed.attempt()).orElse("");
    var found = turn.get(key, Task.class);
    if (found.isEmpty()) {
      return;
    }
    var task = found.get();
    switch (task.phase()) {
      case WAITING -> {}
      case STOPPING -> stopped(turn, key, task);
      case ISSUED -> {
        fail(turn, task, failed.attempt(), failed.failure(), Optional.of(failed.build()));
        turn.over(key, task, Optional.empty());
      }
    }
  }

  /** An attempt that was to stop has: it is over, unless somebody has come to want it. */
  private void stopped(DeskTurn turn, String key, Task task) {
    if (task.claims().isEmpty()) {
      turn.over(key, task, Optional.empty());
    } else {
      turn.put(key, task.withoutLastStartOf(task.attempt()).in(Phase.WAITING, turn.now()));
    }
  }

  /**
   * Answers all who want a task.
   *
   * @param told the build whose followers know already
   */
  private static void fail(
      DeskTurn turn, Task task, int attempt, Failure failure, Optional<BuildId> told) {
    var ran = told.flatMap(build -> turn.order(task.stage(), build)).map(Order::wanted);
    for (var build : task.queue()) {
      var wanted = turn.order(task.stage(), build).map(Order::wanted);
      var here =
          ran.isPresent() && wanted.isPresent()
              ? Places.moved(failure, ran.get().stage(), wanted.get().stage())
              : failure;
      turn.answer(
          new Event.StageFailed(build, task.stage(), attempt, here),
          told.equals(Optional.of(build)));
      turn.removeOrder(task.stage(), build);
    }
  }

  private void handedBack(DeskTurn turn, Event.StageHandedBack back) {
    var key = turn.attempt(back.stage(), back.build(), back.attempt()).orElse("");
    turn.get(key, Task.class)
        .filter(each -> each.phase() != Phase.WAITING)
        .ifPresent(task -> stopped(turn, key, task));
  }

  /** The node is there: it is not the stage that took the job from it. */
  private static void leaseLost(DeskTurn turn, Event.StageLeaseLost lost) {
    var key = turn.attempt(lost.stage(), lost.build(), lost.attempt()).orElse("");
    var start = new Start(lost.attempt(), lost.delivery(), lost.node());
    turn.get(key, Task.class)
        .filter(task -> task.starts().contains(start))
        .ifPresent(task -> turn.put(key, task.without(start)));
  }

  private void reported(DeskTurn turn, Event.NodeReported report) {
    var key = DeskKeys.node(turn.pool(), report.node());
    if (turn.get(key, Node.class).isPresent() || !turn.has(MOST_NODES, Node.class)) {
      turn.put(key, new Node(report, turn.now()));
    }
  }
}
