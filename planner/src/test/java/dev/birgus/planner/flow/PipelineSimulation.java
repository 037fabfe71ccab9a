package dev.birgus.planner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.oci.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Flow, desk and lines among builds, nodes, a broker and a pusher that are made up. Everything
 * happens in an order the seed decides; what must always hold is checked when it happens.
 */
final class PipelineSimulation {

  private static final String POOL = Scheduling.DEFAULT_POOL;

  /** For how many seconds a message may be on its way. */
  private static final int SLOWEST = 10;

  private final Random random;
  private final List<Sample> samples;
  private final FlowSettings settings;
  private final Desk desk = new Desk(DeskSettings.DEFAULT);
  private final Map<String, BuildState> builds = new HashMap<>();
  private final Map<String, DeskEntry> table = new HashMap<>();
  private final Map<String, Lines.Line> lines = new HashMap<>();
  private final Map<String, Sample> accepted = new LinkedHashMap<>();
  private final Map<String, Deque<Event.OfBuild>> buildQueues = new LinkedHashMap<>();
  private final Deque<Event> deskQueue = new ArrayDeque<>();
  private final List<Sent> onTheWay = new ArrayList<>();
  private final Deque<SimulatedNode.Job> work = new ArrayDeque<>();
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final Set<BuildId> planning = new HashSet<>();
  private final List<BuildId> pushing = new ArrayList<>();
  private final Map<String, List<Event>> ends = new HashMap<>();

  /** What the desk was asked for and has not answered. */
  private final Map<Order, Boolean> orders = new HashMap<>();

  private final OutcomeLedger ledger = new OutcomeLedger();

  /** Stages that were on a node that died. */
  private final Set<StageId> struck = new HashSet<>();

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private boolean calm;
  int struckJobs;
  int runs;

  /** A request and its plan. */
  record Sample(BuildRequest request, Plan plan) {}

  private record Order(BuildId build, StageId stage) {}

  private record Sent(Event event, Instant at) {}

  PipelineSimulation(long seed, List<Sample> samples) {
    this.random = new Random(seed);
    this.samples = samples;
    this.settings = new FlowSettings(random.nextBoolean(), Optional.empty());
    for (var node = 0; node < 1 + random.nextInt(4); node++) {
      nodes.add(new SimulatedNode("n" + node, 1 + random.nextInt(3)));
    }
    nodes.forEach(this::report);
  }

  /** Has things happen, good and bad. */
  void storm(int steps, int mostBuilds) {
    for (var step = 0; step < steps; step++) {
      if (accepted.size() < mostBuilds && random.nextInt(10) == 0) {
        accept();
      }
      happen(random.nextInt(100));
    }
  }

  /** Has only good things happen, until every build has ended or it has taken too long. */
  void calm() {
    calm = true;
    nodes.forEach(SimulatedNode::revive);
    for (var step = 0; step < 60_000 && ends.size() < accepted.size(); step++) {
      happen(random.nextInt(70));
    }
  }

  void check() {
    assertThat(ends.keySet()).as("builds that have ended").isEqualTo(accepted.keySet());
    ends.forEach((build, ended) -> assertThat(ended).as(build).hasSize(1));
  }

  /** Lets a day pass: nothing may stay. */
  void checkNothingStays() {
    while (!deskQueue.isEmpty()) {
      deliverToDesk();
    }
    now = now.plus(Duration.ofDays(1));
    onTheWay.clear();
    apply(desk.tick(table, now));
    now = now.plus(Duration.ofDays(1));
    apply(desk.tick(table, now));
    assertThat(table.values())
        .noneMatch(entry -> entry instanceof DeskEntry.Order || entry instanceof DeskEntry.Past);
  }

  private void accept() {
    var build = new BuildId("b" + accepted.size());
    var sample = samples.get(random.nextInt(samples.size()));
    var scheduling =
        new Scheduling(
            "tenant" + random.nextInt(3),
            random.nextInt(2),
            random.nextInt(4) == 0 ? Optional.of("line" + random.nextInt(2)) : Optional.empty(),
            random.nextInt(6) == 0
                ? Optional.of(Duration.ofSeconds(20 + random.nextInt(200)))
                : Optional.empty(),
            POOL,
            random.nextInt(8) != 0);
    var request = sample.request().with(scheduling);
    accepted.put(build.value(), new Sample(request, sample.plan()));
    ledger.accepted(build, scheduling, now);
    // No two are requested at the same time: of those either may be the newer.
    var at = now.plusMillis(accepted.size() - SLOWEST * 1_000L);
    toBuild(new Event.BuildRequested(build, request, Optional.of(at)));
  }

  private void happen(int what) {
    if (what < 25) {
      deliverToBuild();
    } else if (what < 40) {
      deliverToDesk();
    } else if (what < 50) {
      arrive();
    } else if (what < 56) {
      takeJob();
    } else if (what < 62) {
      finishJob();
    } else if (what < 65) {
      makePlan();
    } else if (what < 67) {
      push();
    } else if (what < 70) {
      second();
    } else if (what < 72) {
      handBack();
    } else if (what < 73) {
      loseLease();
    } else if (what < 74) {
      die();
    } else if (what < 76) {
      revive();
    } else if (what < 77) {
      cancel();
    } else if (what < 79) {
      restart();
    } else {
      hearControl();
    }
  }

  private void second() {
    // However slow everything is, it is not as slow as the times the desk waits.
    while (!deskQueue.isEmpty()) {
      deliverToDesk();
    }
    for (var each : List.copyOf(onTheWay)) {
      if (each.at().plusSeconds(SLOWEST).isBefore(now) && onTheWay.remove(each)) {
        deskQueue.add(each.event());
      }
    }
    nodes.forEach(this::hear);
    while (!work.isEmpty() && nodes.stream().anyMatch(SimulatedNode::hasRoom)) {
      takeJob();
    }
    now = now.plusSeconds(1);
    if (now.getEpochSecond() % 5 == 0) {
      nodes.forEach(this::report);
    }
    for (var build : List.copyOf(builds.keySet())) {
      var state = builds.get(build);
      if (state != null) {
        var id = new BuildId(build);
        decided(id, Flow.timeout(state, id, now));
      }
    }
    apply(desk.tick(table, now));
  }

  private void deliverToBuild() {
    var waiting = buildQueues.values().stream().filter(queue -> !queue.isEmpty()).toList();
    if (waiting.isEmpty()) {
      return;
    }
    var event = waiting.get(random.nextInt(waiting.size())).remove();
    decide(event);
    if (random.nextInt(10) == 0) {
      decide(event);
    }
  }

  private void decide(Event.OfBuild event) {
    var state = builds.getOrDefault(event.build().value(), new BuildState.Unknown());
    decided(event.build(), Flow.decide(state, event, now, settings));
  }

  private void decided(BuildId build, Decision decision) {
    var before = builds.put(build.value(), decision.state());
    for (var command : decision.commands()) {
      assertThat(before instanceof BuildState.Ended).as("nothing after the end").isFalse();
      switch (command) {
        case Command.MakePlan _ -> planning.add(build);
        case Command.StopPlanning _ -> planning.remove(build);
        case Command.WantStage(var wanted) -> deskQueue.add(wanted);
        case Command.TellDesk(_, var event) -> deskQueue.add(event);
        case Command.StopPush _ -> pushing.remove(build);
        case Command.PushImage _ -> pushing.add(build);
        case Command.TellLine(var line, var event) -> tellLine(line, event);
        case Command.Announce(var event) -> announced(event);
      }
    }
  }

  private void announced(Event.OfBuild event) {
    if (event instanceof Event.BuildSucceeded
        || event instanceof Event.BuildFailed
        || event instanceof Event.BuildCancelled) {
      ledger.checkEnd(event, now);
      ends.computeIfAbsent(event.build().value(), _ -> new ArrayList<>()).add(event);
    }
  }

  private void tellLine(String line, Event event) {
    for (var again = random.nextInt(5) == 0 ? 2 : 1; again > 0; again--) {
      var decision = Lines.decide(Optional.ofNullable(lines.get(line)), event, now);
      lines.put(line, decision.line());
      decision.superseded().ifPresent(this::toBuild);
    }
  }

  private void toBuild(Event.OfBuild event) {
    buildQueues.computeIfAbsent(event.build().value(), _ -> new ArrayDeque<>()).add(event);
  }

  private void deliverToDesk() {
    var event = deskQueue.poll();
    if (event == null) {
      return;
    }
    switch (event) {
      case Event.StageWanted wanted -> {
        var order = new Order(wanted.build(), wanted.stage().id());
        orders.put(order, wanted.scheduling().shared());
      }
      case Event.StageUnwanted unwanted ->
          orders.remove(new Order(unwanted.build(), unwanted.stage()));
      default -> {}
    }
    apply(desk.decide(POOL, table, event, now));
  }

  private void apply(DeskDecision decision) {
    decision
        .changes()
        .forEach((key, entry) ->
            entry.ifPresentOrElse(there -> table.put(key, there), () -> table.remove(key)));
    for (var each : decision.published()) {
      switch (each.event()) {
        case Event.StageReady ready -> {
          assertThat(orders)
              .as("only what somebody waits for is issued")
              .containsKey(new Order(ready.build(), ready.stage().id()));
          work.add(new SimulatedNode.Job(ready, 1));
        }
        case Event.StageStopRequested stop ->
            nodes.stream().filter(node -> node.isAlive()).forEach(node -> node.tell(stop));
        case Event.OfBuild outcome when each.topic() == Topic.RESULTS -> answered(outcome);
        default -> {}
      }
    }
  }

  private void answered(Event.OfBuild outcome) {
    var stage =
        switch (outcome) {
          case Event.StageFinished done -> done.stage();
          case Event.StageFailed failed -> failed.stage();
          default -> throw new AssertionError(outcome);
        };
    var shared = orders.remove(new Order(outcome.build(), stage));
    assertThat(shared).as("one answer to one order: " + outcome).isNotNull();
    ledger.checkAnswer(outcome, Boolean.TRUE.equals(shared), struck);
    toBuild(outcome);
  }

  /** A message of a node comes to the desk, in whatever order, and sometimes twice. */
  private void arrive() {
    if (!onTheWay.isEmpty()) {
      var number = random.nextInt(onTheWay.size());
      var event = random.nextInt(10) == 0 ? onTheWay.get(number) : onTheWay.remove(number);
      deskQueue.add(event.event());
    }
  }

  private void send(Event event) {
    onTheWay.add(new Sent(event, now));
  }

  private void report(SimulatedNode node) {
    if (node.isAlive()) {
      send(node.report());
    }
  }

  private void takeJob() {
    var free = nodes.stream().filter(SimulatedNode::hasRoom).toList();
    if (free.isEmpty() || work.isEmpty()) {
      return;
    }
    var node = free.get(random.nextInt(free.size()));
    var job = work.remove();
    var ready = job.ready();
    if (node.hasStopped(job)) {
      send(job.failed(Failure.of("cancelled", "cancelled", "")));
      return;
    }
    var stage = ready.stage().id();
    if (isShared(ready) && !struck.contains(stage)) {
      assertThat(
              nodes.stream()
                  .filter(each -> each.isAlive())
                  .flatMap(each -> each.running().stream()))
          .as("no equal stages at once")
          .noneMatch(other -> other.ready().stage().id().equals(stage) && isShared(other.ready()));
    }
    runs++;
    node.running().add(job);
    send(
        new Event.StageStarted(ready.build(), stage, ready.attempt(), node.name(), job.delivery()));
    report(node);
  }

  private boolean isShared(Event.StageReady ready) {
    var plan = accepted.get(ready.build().value());
    return plan != null
        && Sharing.of(plan.request(), plan.plan(), settings.networked())
            .contains(ready.stage().id());
  }

  private void finishJob() {
    var busy = nodes.stream().filter(node -> node.isAlive() && !node.running().isEmpty()).toList();
    if (busy.isEmpty()) {
      return;
    }
    var node = busy.get(random.nextInt(busy.size()));
    var job = node.running().remove(random.nextInt(node.running().size()));
    var luck = calm ? 99 : random.nextInt(100);
    var shared = isShared(job.ready());
    if (luck < 3) {
      send(job.failed(ledger.failure("broken", job, shared)));
    } else if (luck < 8) {
      send(job.failed(ledger.failure(Failure.LAYER_MISSING, job, shared)));
    } else {
      send(job.finished(ledger.result(job, shared)));
    }
    report(node);
  }

  private void handBack() {
    someWorking()
        .ifPresent(node -> {
          send(node.running().removeFirst().handedBack(node.name()));
          report(node);
        });
  }

  /** The broker gives a job to another node although the one that has it is there. */
  private void loseLease() {
    someWorking()
        .ifPresent(node -> {
          var job = node.running().removeFirst();
          work.addFirst(new SimulatedNode.Job(job.ready(), job.delivery() + 1));
          send(job.leaseLost(node.name()));
          report(node);
        });
  }

  private Optional<SimulatedNode> someWorking() {
    return nodes.stream()
        .filter(node -> node.isAlive() && !node.running().isEmpty() && random.nextBoolean())
        .findFirst();
  }

  /** A node dies. The broker gives its jobs to others; sometimes it does not. */
  private void die() {
    var node = nodes.get(random.nextInt(nodes.size()));
    if (!node.isAlive()) {
      return;
    }
    for (var job : node.die()) {
      struckJobs++;
      struck.add(job.ready().stage().id());
      if (random.nextInt(4) != 0) {
        work.addFirst(new SimulatedNode.Job(job.ready(), job.delivery() + 1));
      }
      if (random.nextInt(4) == 0) {
        // It was only frozen, and comes to an end after all.
        send(job.finished(ledger.result(job, isShared(job.ready()))));
      }
    }
  }

  private void revive() {
    var node = nodes.get(random.nextInt(nodes.size()));
    if (!node.isAlive()) {
      node.revive();
      report(node);
    }
  }

  private void hearControl() {
    hear(nodes.get(random.nextInt(nodes.size())));
  }

  private void hear(SimulatedNode node) {
    for (var job : node.hear()) {
      send(job.failed(Failure.of("cancelled", "cancelled", "")));
      report(node);
    }
  }

  private void makePlan() {
    planning.stream()
        .findAny()
        .ifPresent(build -> {
          planning.remove(build);
          toBuild(planned(build));
        });
  }

  private Event.OfBuild planned(BuildId build) {
    var sample = Objects.requireNonNull(accepted.get(build.value()), build.value());
    return new Event.BuildPlanned(build, sample.plan());
  }

  private void push() {
    if (!pushing.isEmpty()) {
      var build = pushing.removeFirst();
      var luck = calm ? 99 : random.nextInt(20);
      if (luck == 0) {
        toBuild(new Event.PushFailed(build, ledger.push(build, Failure.of("denied", "no", ""))));
      } else if (luck < 3) {
        var gone = Failure.of(Failure.LAYER_MISSING, "gone", "");
        toBuild(new Event.PushFailed(build, ledger.push(build, gone)));
      } else {
        toBuild(new Event.ImagePushed(build, Digest.sha256(new byte[] {1}), 1));
      }
    }
  }

  private void cancel() {
    if (!accepted.isEmpty()) {
      var names = List.copyOf(accepted.keySet());
      var build = new BuildId(names.get(random.nextInt(names.size())));
      ledger.cancelled(build, "enough");
      toBuild(new Event.BuildCancelRequested(build, "enough"));
    }
  }

  /** The planner dies, and another goes on with what it has written down. */
  private void restart() {
    Rereading.of(BuildState.class, builds);
    Rereading.of(DeskEntry.class, table);
    Rereading.of(Lines.Line.class, lines);
    builds.forEach((build, state) -> {
      if (state instanceof BuildState.Planning) {
        planning.add(new BuildId(build));
      }
    });
  }
}
