package dev.birgus.planner.flow;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.json.Json;
import dev.birgus.planner.flow.DeskDecision.Outgoing;
import dev.birgus.planner.service.TestBuild;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A desk with its table, and what is said to it. */
abstract class DeskScenario {

  static final String POOL = Scheduling.DEFAULT_POOL;
  static final BuildId A = new BuildId("a");
  static final BuildId B = new BuildId("b");
  static final BuildId C = new BuildId("c");
  static final Stage ONE = stage("FROM scratch AS one\nRUN one\n");
  static final Stage TWO = stage("FROM scratch AS two\nRUN two\n");
  static final Stage THREE = stage("FROM scratch AS three\nRUN three\n");
  static final Failure FAILURE = Failure.of("broken", "it broke", "");

  final Map<String, DeskEntry> table = new HashMap<>();
  DeskSettings settings = DeskSettings.DEFAULT;
  Instant now = Instant.parse("2026-01-01T00:00:00Z");

  /** What is sent while a node goes on reporting. */
  List<Event> seconds(int count, Event report) {
    var events = new ArrayList<Event>();
    for (var second = 0; second < count; second++) {
      now = now.plusSeconds(1);
      send(report).forEach(each -> events.add(each.event()));
      tick().forEach(each -> events.add(each.event()));
    }
    return events;
  }

  List<Outgoing> send(Event event) {
    return apply(new Desk(settings).decide(POOL, table, event, now));
  }

  List<Outgoing> tick() {
    return apply(new Desk(settings).tick(table, now));
  }

  List<Outgoing> apply(DeskDecision decision) {
    decision
        .changes()
        .forEach((key, entry) ->
            entry.ifPresentOrElse(there -> table.put(key, there), () -> table.remove(key)));
    return decision.published();
  }

  static List<Event> jobs(List<Outgoing> sent) {
    return sent.stream().filter(each -> each.topic() == Topic.WORK).map(Outgoing::event).toList();
  }

  static Scheduling scheduling(String tenant, int priority) {
    return new Scheduling(tenant, priority, Optional.empty(), Optional.empty(), POOL, true);
  }

  static Event job(BuildId build, Stage stage, int attempt) {
    return job(build, stage, attempt, attempt);
  }

  static Event job(BuildId build, Stage stage, int attempt, int tries) {
    return new Event.StageReady(
        build, attempt, stage, Map.of(), BuildOptions.DEFAULT, OptionalInt.of(tries));
  }

  static Event wanted(BuildId build, Stage stage) {
    return wanted(build, stage, Scheduling.DEFAULT);
  }

  static Event wanted(BuildId build, Stage stage, Scheduling scheduling) {
    return new Event.StageWanted(build, stage, Map.of(), BuildOptions.DEFAULT, scheduling);
  }

  static Event unwanted(BuildId build, Stage stage) {
    return new Event.StageUnwanted(build, stage.id(), "why");
  }

  static Event started(BuildId build, Stage stage, int attempt, String node, int delivery) {
    return new Event.StageStarted(build, stage.id(), attempt, node, delivery);
  }

  static Event finished(BuildId build, Stage stage, int attempt) {
    return new Event.StageFinished(build, stage.id(), attempt, result("1"));
  }

  static StageResult result(String text) {
    return new StageResult(List.of(), List.of(Json.Obj.EMPTY.with("created_by", Json.of(text))));
  }

  static Event node(String name, int slots) {
    return node(name, slots, Map.of());
  }

  static Event node(String name, int slots, Map<StageId, Integer> running) {
    return new Event.NodeReported(name, POOL, slots, running);
  }

  static Stage stage(String dockerfile) {
    return TestBuild.of(dockerfile).plan().stages().getFirst();
  }

  static Stage numbered(int number) {
    return stage("FROM scratch\nRUN number " + number + "\n");
  }
}
