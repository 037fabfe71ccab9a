package dev.birgus.planner.flow;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.planner.flow.DeskDecision.Outgoing;
import dev.birgus.planner.flow.DeskEntry.Order;
import dev.birgus.planner.flow.DeskEntry.Past;
import dev.birgus.planner.flow.DeskEntry.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * One decision of a desk in the making: a pool's table with what has changed, and what goes out.
 */
final class DeskTurn {

  private final Map<String, DeskEntry> table;
  private final Map<String, Optional<DeskEntry>> changes = new LinkedHashMap<>();
  private final List<Outgoing> published = new ArrayList<>();
  private final String pool;
  private final Instant now;
  private final DeskSettings settings;

  DeskTurn(String pool, Map<String, DeskEntry> table, Instant now, DeskSettings settings) {
    this.pool = pool;
    this.table = table;
    this.now = now;
    this.settings = settings;
  }

  String pool() {
    return pool;
  }

  Instant now() {
    return now;
  }

  DeskDecision decision() {
    return new DeskDecision(changes, published);
  }

  /** Whether the pool has so many entries of this kind, or more. */
  boolean has(int many, Class<? extends DeskEntry> kind) {
    if (table.size() + changes.size() < many) {
      return false;
    }
    var found = new ArrayList<String>();
    forEach((key, entry) -> {
      if (kind.isInstance(entry)) {
        found.add(key);
      }
    });
    return found.size() >= many;
  }

  <E extends DeskEntry> Optional<E> get(String key, Class<E> type) {
    var changed = changes.get(key);
    var entry = changed != null ? changed : Optional.ofNullable(table.get(key));
    return entry.filter(type::isInstance).map(type::cast);
  }

  void put(String key, DeskEntry entry) {
    changes.put(key, Optional.of(entry));
  }

  void remove(String key) {
    changes.put(key, Optional.empty());
  }

  /** Shows all entries of the pool. */
  void forEach(BiConsumer<String, DeskEntry> visitor) {
    var prefix = DeskKeys.prefix(pool);
    table.forEach((key, entry) -> {
      if (key.startsWith(prefix) && !changes.containsKey(key)) {
        visitor.accept(key, entry);
      }
    });
    List.copyOf(changes.entrySet())
        .forEach(
            change -> change.getValue().ifPresent(entry -> visitor.accept(change.getKey(), entry)));
  }

  /** Where the task is that a build's stage belongs to. */
  Optional<String> task(StageId stage, BuildId build) {
    var own = DeskKeys.own(pool, stage, build);
    if (get(own, Task.class).isPresent()) {
      return Optional.of(own);
    }
    var shared = DeskKeys.shared(pool, stage);
    return get(shared, Task.class).map(_ -> shared);
  }

  /**
   * Where the task is that was run for a build. What is said late of a run that was the build's own
   * is about no task: the shared one is another.
   */
  Optional<String> ran(StageId stage, BuildId build) {
    var own = DeskKeys.own(pool, stage, build);
    return task(stage, build)
        .filter(key ->
            key.equals(own) || runs(key, build) || get(DeskKeys.past(own), Past.class).isEmpty());
  }

  /** Where the task is whose last attempt this is. */
  Optional<String> attempt(StageId stage, BuildId build, int attempt) {
    return ran(stage, build)
        .filter(key -> runs(key, build))
        .filter(key -> get(key, Task.class).filter(task -> task.attempt() == attempt).isPresent());
  }

  private boolean runs(String key, BuildId build) {
    return get(key, Task.class).flatMap(Task::runner).equals(Optional.of(build));
  }

  Optional<Order> order(StageId stage, BuildId build) {
    return get(DeskKeys.order(pool, stage, build), Order.class);
  }

  void removeOrder(StageId stage, BuildId build) {
    remove(DeskKeys.order(pool, stage, build));
  }

  /** Takes a task out of the table, and notes what became of it. */
  void over(String key, Task task, Optional<StageResult> result) {
    remove(key);
    if (task.runner().isEmpty()) {
      return;
    }
    var kept = settings.reuse().isZero() ? Optional.<StageResult>empty() : result;
    var until = now.plus(kept.isPresent() ? settings.reuse() : settings.memory());
    put(
        DeskKeys.past(key),
        new Past(task.stage(), task.runner().get(), task.attempt(), kept, until));
  }

  void publish(Topic topic, String key, Event event) {
    published.add(new Outgoing(topic, key, event));
  }

  /** For the planner of the build, and for everybody who watches it. */
  void answer(Event.OfBuild outcome, boolean known) {
    publish(Topic.RESULTS, outcome.build().value(), outcome);
    if (!known) {
      announce(outcome);
    }
  }

  void announce(Event.OfBuild event) {
    publish(Topic.EVENTS, event.build().value(), event);
  }

  /** Asks whoever runs an attempt to stop. */
  void stop(BuildId runner, StageId stage, int attempt, String reason) {
    publish(
        Topic.CONTROL,
        runner.value(),
        new Event.StageStopRequested(runner, stage, attempt, reason));
  }
}
