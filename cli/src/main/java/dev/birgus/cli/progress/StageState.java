package dev.birgus.cli.progress;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageBase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is known of one stage. */
final class StageState {

  /** How far it is. */
  enum Phase {
    WAITING,
    RUNNING,
    FINISHED,
    FAILED
  }

  private final Stage stage;
  private final Plan plan;
  private final List<StepState> steps = new ArrayList<>();
  private Phase phase = Phase.WAITING;
  private Optional<String> isolation = Optional.empty();
  private Optional<BuildId> sharedWith = Optional.empty();
  private Optional<Instant> started = Optional.empty();
  private Optional<Instant> ended = Optional.empty();

  StageState(Stage stage, Plan plan) {
    this.stage = stage;
    this.plan = plan;
    for (var step : stage.steps()) {
      steps.add(
          new StepState(steps.size(), String.join(" ", step.text().strip().split("\\s*\n\\s*"))));
    }
  }

  String name() {
    return stage.name();
  }

  /** What it is built on, for people. */
  String base() {
    return switch (stage.base()) {
      case StageBase.Scratch _ -> "scratch";
      case StageBase.OfImage(var image) -> image.name();
      case StageBase.OfStage(var parent) -> "stage " + plan.stage(parent).name();
    };
  }

  Phase phase() {
    return phase;
  }

  List<StepState> steps() {
    return steps;
  }

  Optional<StepState> step(int index) {
    return index >= 0 && index < steps.size() ? Optional.of(steps.get(index)) : Optional.empty();
  }

  Optional<StepState> runningStep() {
    return steps.stream().filter(StepState::isRunning).findFirst();
  }

  /** Whether a step does something, and does not only change the configuration. */
  boolean acts(StepState step) {
    return stage.steps().get(step.index()).operation().isPresent();
  }

  /** Where a step is written. */
  SourceLocation place(StepState step) {
    return stage.steps().get(step.index()).at();
  }

  /** {@code [build 2/5]}. */
  String label(StepState step) {
    return "[" + name() + " " + (step.index() + 1) + "/" + steps.size() + "]";
  }

  /** The rung of isolation its commands run on. */
  void isolate(Optional<String> rung) {
    isolation = rung;
  }

  /** The rung of isolation its commands run on; empty if it runs none, or nobody knows. */
  Optional<String> isolation() {
    return isolation;
  }

  /** Whether this is news. */
  boolean start(Instant now) {
    if (phase != Phase.WAITING) {
      return false;
    }
    phase = Phase.RUNNING;
    started = Optional.of(now);
    return true;
  }

  /** Whether it is news that another build runs it, or ran it. */
  boolean share(BuildId build) {
    if (sharedWith.equals(Optional.of(build)) || phase == Phase.FINISHED) {
      return false;
    }
    sharedWith = Optional.of(build);
    return true;
  }

  /** The build that runs it, or ran it, if it is not this one. */
  Optional<BuildId> sharedWith() {
    return sharedWith;
  }

  /** Whether this is news. */
  boolean end(Phase how, Instant now) {
    if (phase == how || phase == Phase.FINISHED) {
      return false;
    }
    if (started.isEmpty()) {
      started = Optional.of(now);
    }
    phase = how;
    ended = Optional.of(now);
    return true;
  }

  Duration elapsed(Instant now) {
    return started.map(begin -> Duration.between(begin, ended.orElse(now))).orElse(Duration.ZERO);
  }
}
