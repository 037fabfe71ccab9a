package dev.birgus.planner.flow;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.planner.flow.DeskEntry.Claim;
import dev.birgus.planner.flow.DeskEntry.Order;
import dev.birgus.planner.flow.DeskEntry.Served;
import dev.birgus.planner.flow.DeskEntry.Task;
import dev.birgus.planner.flow.PoolView.Found;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whose turn it is. What is more urgent goes first; of what is equally urgent, that of the tenant
 * who has the fewest slots now, and of tenants who have equally many, that of the one whose turn
 * was longest ago; then what has waited longest. Every tenth turn is given as if all were equally
 * urgent: however much urgent work there is, the rest goes on, and nobody waits for ever.
 */
final class DeskQueue {

  /** For how many slots there is one stage on the queue beyond them, so that none is ever idle. */
  private static final int SLOTS_PER_SPARE = 4;

  /** One of how many turns does not go by priority. */
  private static final int TURNS_PER_EQUAL = 10;

  private static final Comparator<Candidate> URGENT =
      Comparator.comparingInt(Candidate::priority).reversed();

  private final DeskSettings settings;

  DeskQueue(DeskSettings settings) {
    this.settings = settings;
  }

  /** Puts onto the work queue what the slots can take. */
  void issue(DeskTurn turn) {
    var pool = PoolView.of(turn, settings);
    var slots = pool.slots();
    if (slots == 0 || pool.waiting().isEmpty()) {
      return;
    }
    var room = slots + Math.max(1, slots / SLOTS_PER_SPARE) - pool.load();
    var shares = shares(pool);
    var turns = new HashMap<>(pool.turns());
    var waiting = new ArrayList<Candidate>();
    if (room > 0) {
      pool.waiting().stream()
          .filter(found -> !isHeld(found, pool))
          .forEach(found -> waiting.add(Candidate.of(found)));
    }
    while (room > 0 && !waiting.isEmpty()) {
      var number = turns.values().stream().mapToLong(Long::longValue).max().orElse(0) + 1;
      var fair = fairly(shares, turns);
      var next =
          Collections.min(
              waiting, number % TURNS_PER_EQUAL == 0 ? fair : URGENT.thenComparing(fair));
      waiting.remove(next);
      if (issue(turn, next.key(), next.task())) {
        room--;
        shares.merge(next.tenant(), 1, Integer::sum);
        turns.put(next.tenant(), number);
        turn.put(
            DeskKeys.tenant(turn.pool(), next.tenant()),
            new Served(next.tenant(), number, turn.now()));
      }
    }
  }

  /** Whether it waits for what becomes of another stage that was on the same nodes. */
  private boolean isHeld(Found found, PoolView pool) {
    return found.task().apart()
        && !pool.suspects(found.key(), Math.max(2, settings.leftAfterDoubt())).isEmpty();
  }

  /** A task that could be next. */
  private record Candidate(String key, Task task, int priority, String tenant, Instant since) {
    static Candidate of(Found found) {
      var task = found.task();
      var claim = task.first();
      return new Candidate(
          found.key(),
          task,
          task.priority(),
          claim.map(Claim::tenant).orElse(""),
          claim.map(Claim::since).orElse(Instant.MAX));
    }
  }

  private static Map<String, Integer> shares(PoolView pool) {
    var shares = new HashMap<String, Integer>();
    pool.issued().forEach(found -> shares.merge(tenant(found.task()), 1, Integer::sum));
    return shares;
  }

  private static String tenant(Task task) {
    return task.first().map(Claim::tenant).orElse("");
  }

  private static Comparator<Candidate> fairly(
      Map<String, Integer> shares, Map<String, Long> turns) {
    return Comparator.comparing((Candidate each) -> shares.getOrDefault(each.tenant(), 0))
        .thenComparing(each -> turns.getOrDefault(each.tenant(), 0L))
        .thenComparing(Candidate::since)
        .thenComparing(Candidate::key);
  }

  private static boolean issue(DeskTurn turn, String key, Task task) {
    var runner = runner(turn, task);
    if (runner.isEmpty()) {
      turn.remove(key);
      return false;
    }
    var wanted = runner.get().wanted();
    var issued = task.issued(wanted.build(), turn.now());
    turn.put(key, issued);
    turn.publish(
        Topic.WORK,
        turn.pool(),
        new Event.StageReady(
            wanted.build(),
            issued.attempt(),
            wanted.stage(),
            wanted.inputs(),
            wanted.options(),
            OptionalInt.of(issued.tries())));
    if (!task.runner().equals(issued.runner())) {
      for (var build : task.queue()) {
        if (!build.equals(wanted.build())) {
          turn.announce(new Event.StageShared(build, task.stage(), wanted.build(), false));
        }
      }
    }
    return true;
  }

  /** What is run: as the build asked for it that it ran for before, or that has waited longest. */
  private static Optional<Order> runner(DeskTurn turn, Task task) {
    Optional<BuildId> before = task.runner().filter(task.claims()::containsKey);
    return before
        .flatMap(build -> turn.order(task.stage(), build))
        .or(() ->
            task.queue().stream()
                .flatMap(build -> turn.order(task.stage(), build).stream())
                .findFirst());
  }
}
