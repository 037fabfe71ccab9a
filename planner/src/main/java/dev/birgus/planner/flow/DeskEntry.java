package dev.birgus.planner.flow;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What a desk has written down. {@link DeskKeys} says under which keys. */
public sealed interface DeskEntry {

  /** What one build asked for. It is there until the build is answered, or wants it no more. */
  record Order(Event.StageWanted wanted) implements DeskEntry {
    public Order {
      requireNonNull(wanted, "wanted");
    }
  }

  /**
   * A stage to run, for one build or for several.
   *
   * @param claims of the builds that want it; none when it is being stopped for good
   * @param shared whether others may join, and its result is kept for later builds
   * @param runner the build that is told of it by the node, from its first issue
   * @param attempt the number it was issued with last; before the first that of the last one of an
   *     earlier task, or 0
   * @param changed when it came to this phase
   * @param starts of attempts that have not come to an outcome, without duplicates
   * @param missing since when no living node has it though one could have taken it
   * @param overtaken whether one that was issued later was begun while no node had this one
   * @param earlier the attempts that were made before there was this task; empty for none
   * @param apart whether it is kept apart from others that may have ended its nodes, or was
   */
  record Task(
      StageId stage,
      Map<BuildId, Claim> claims,
      boolean shared,
      Phase phase,
      Optional<BuildId> runner,
      int attempt,
      Instant changed,
      List<Start> starts,
      Optional<Instant> missing,
      boolean overtaken,
      OptionalInt earlier,
      boolean apart)
      implements DeskEntry {
    public Task {
      requireNonNull(stage, "stage");
      claims = Map.copyOf(claims);
      requireNonNull(phase, "phase");
      requireNonNull(runner, "runner");
      requireNonNull(changed, "changed");
      starts = List.copyOf(starts);
      requireNonNull(missing, "missing");
      requireNonNull(earlier, "earlier");
      if (phase != Phase.WAITING && runner.isEmpty()) {
        throw new IllegalArgumentException("what was issued was issued for a build");
      }
    }

    /** A task nobody has begun. */
    static Task of(StageId stage, boolean shared, int attempt, Instant now) {
      return new Task(
          stage,
          Map.of(),
          shared,
          Phase.WAITING,
          Optional.empty(),
          attempt,
          now,
          List.of(),
          Optional.empty(),
          false,
          OptionalInt.of(attempt),
          false);
    }

    Task with(Map<BuildId, Claim> others) {
      return copy(others, starts, missing, overtaken);
    }

    Task with(BuildId build, Claim claim) {
      var more = new LinkedHashMap<>(claims);
      more.put(build, claim);
      return with(more);
    }

    Task without(BuildId build) {
      var fewer = new LinkedHashMap<>(claims);
      fewer.remove(build);
      return with(fewer);
    }

    Task issued(BuildId to, Instant now) {
      return new Task(
          stage,
          claims,
          shared,
          Phase.ISSUED,
          Optional.of(to),
          attempt + 1,
          now,
          starts,
          Optional.empty(),
          false,
          earlier,
          apart);
    }

    Task in(Phase next, Instant now) {
      return new Task(
          stage,
          claims,
          shared,
          next,
          runner,
          attempt,
          now,
          starts,
          Optional.empty(),
          overtaken,
          earlier,
          apart);
    }

    Task started(Start start) {
      if (starts.contains(start)) {
        return this;
      }
      var more = new ArrayList<>(starts);
      more.add(start);
      return copy(claims, more, missing, overtaken);
    }

    /**
     * The attempt has ended in a way that says nothing against the stage. Nodes it was on before
     * the last one have not come to say so.
     */
    Task withoutLastStartOf(int ended) {
      var others = new ArrayList<>(starts);
      for (var at = others.size() - 1; at >= 0; at--) {
        if (others.get(at).attempt() == ended) {
          others.remove(at);
          break;
        }
      }
      return copy(claims, others, missing, overtaken);
    }

    /** It may have been another's doing: only so many starts, the last ones, count. */
    Task pardoned(int left) {
      var last = starts.subList(Math.max(0, starts.size() - left), starts.size());
      return copy(claims, last, missing, overtaken);
    }

    /** It runs next when no other runs that may have ended its nodes. */
    Task asApart() {
      return new Task(
          stage, claims, shared, phase, runner, attempt, changed, starts, missing, overtaken,
          earlier, true);
    }

    /** The node of this start has not gone down. */
    Task without(Start start) {
      var others = new ArrayList<>(starts);
      others.remove(start);
      return copy(claims, others, missing, overtaken);
    }

    /** These nodes, each as often as it is named, were taken down by another stage. */
    Task pardoned(List<String> nodes) {
      var left = new ArrayList<>(starts);
      for (var node : nodes) {
        left.stream()
            .filter(start -> start.node().equals(node))
            .findFirst()
            .ifPresent(left::remove);
      }
      return copy(claims, left, missing, overtaken);
    }

    Task missing(Optional<Instant> since) {
      return copy(claims, starts, since, overtaken);
    }

    Task asOvertaken(boolean now) {
      return copy(claims, starts, missing, now);
    }

    /** Whether this node has begun its last attempt. */
    boolean isBegunOn(String node) {
      return starts.stream()
          .anyMatch(start -> start.attempt() == attempt && start.node().equals(node));
    }

    /** How often it was issued. */
    int tries() {
      return attempt - earlier.orElse(0);
    }

    private Task copy(
        Map<BuildId, Claim> wanted, List<Start> begun, Optional<Instant> since, boolean late) {
      return new Task(
          stage, wanted, shared, phase, runner, attempt, changed, begun, since, late, earlier,
          apart);
    }

    /** Builds that want it, those first that have waited longest. */
    List<BuildId> queue() {
      return claims.entrySet().stream()
          .sorted(
              Comparator.comparing((Map.Entry<BuildId, Claim> each) -> each.getValue().since())
                  .thenComparing(each -> each.getKey().value()))
          .map(Map.Entry::getKey)
          .toList();
    }

    /** The claim it is accounted to; of a task nobody wants there is none. */
    Optional<Claim> first() {
      return claims.size() <= 1
          ? claims.values().stream().findFirst()
          : Optional.ofNullable(claims.get(queue().getFirst()));
    }

    int priority() {
      return claims.values().stream().mapToInt(Claim::priority).max().orElse(Integer.MIN_VALUE);
    }
  }

  /** How far a task has come. */
  enum Phase {
    /** It waits for its turn. */
    WAITING,
    /** It is on the work queue, or runs. */
    ISSUED,
    /** It was issued, and nodes were asked to stop. */
    STOPPING
  }

  /** Why and since when a build wants a stage. */
  record Claim(String tenant, int priority, Instant since) {
    public Claim {
      requireNonNull(tenant, "tenant");
      requireNonNull(since, "since");
    }
  }

  /** A node has begun an attempt that was given to nodes so many times. */
  record Start(int attempt, int delivery, String node) {
    public Start {
      requireNonNull(node, "node");
    }
  }

  /**
   * What became of a task.
   *
   * @param attempt the last one; a new task of the same stage counts on
   * @param result for later builds; empty if there is none, or it is for no other
   * @param build it ran for
   */
  record Past(
      StageId stage, BuildId build, int attempt, Optional<StageResult> result, Instant until)
      implements DeskEntry {
    public Past {
      requireNonNull(stage, "stage");
      requireNonNull(build, "build");
      requireNonNull(result, "result");
      requireNonNull(until, "until");
    }
  }

  /** What a node said last. */
  record Node(Event.NodeReported report, Instant seen) implements DeskEntry {
    public Node {
      requireNonNull(report, "report");
      requireNonNull(seen, "seen");
    }
  }

  /**
   * When it was a tenant's turn last.
   *
   * @param turn numbers grow with every turn of any tenant
   */
  record Served(String tenant, long turn, Instant at) implements DeskEntry {
    public Served {
      requireNonNull(tenant, "tenant");
      requireNonNull(at, "at");
    }
  }
}
