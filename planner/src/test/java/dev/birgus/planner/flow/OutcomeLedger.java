package dev.birgus.planner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was done to the builds of a {@link PipelineSimulation}, and so which ends they may come to:
 * a stage ends as its own run has, or one it shared; a build fails only of what was done to it, and
 * is cancelled only if somebody asked for that or a newer build of its line came.
 */
final class OutcomeLedger {

  /** Runs of stages, by what came of them, which is unlike for each. */
  private final Map<Object, Run> runs = new HashMap<>();

  private final Map<BuildId, Account> accounts = new HashMap<>();

  private record Run(BuildId build, StageId stage, boolean shared) {}

  /** A build as far as it matters for how it may end. */
  private record Account(
      int number,
      Scheduling scheduling,
      Instant requested,
      Set<String> asked,
      List<Failure> failed) {}

  void accepted(BuildId build, Scheduling scheduling, Instant requested) {
    var account =
        new Account(accounts.size(), scheduling, requested, new HashSet<>(), new ArrayList<>());
    accounts.put(build, account);
  }

  /** Somebody wants the build no more, and says why. */
  void cancelled(BuildId build, String reason) {
    account(build).asked().add(reason);
  }

  /** The push of the build will fail so. */
  Failure push(BuildId build, Failure failure) {
    account(build).failed().add(failure);
    return failure;
  }

  /** A failure that a run is made to come to. */
  Failure failure(String name, SimulatedNode.Job job, boolean shared) {
    return noted(Failure.of(name, "run " + runs.size(), ""), job, shared);
  }

  /** A result that a run comes to. */
  StageResult result(SimulatedNode.Job job, boolean shared) {
    var entry = Json.Obj.EMPTY.with("created_by", Json.of("run " + runs.size()));
    return noted(new StageResult(List.of(), List.of(entry)), job, shared);
  }

  private <T> T noted(T outcome, SimulatedNode.Job job, boolean shared) {
    runs.put(outcome, new Run(job.ready().build(), job.ready().stage().id(), shared));
    return outcome;
  }

  /**
   * Checks what a build is told of one of its stages.
   *
   * @param shared whether the stage was asked for as one that may be shared
   * @param struck stages that were on a node that died
   */
  void checkAnswer(Event.OfBuild answer, boolean shared, Set<StageId> struck) {
    switch (answer) {
      case Event.StageFinished(var build, var stage, _, var result) ->
          checkRun(result, build, stage, shared);
      case Event.StageFailed(var build, var stage, _, var failure) -> {
        account(build).failed().add(failure);
        if (failure.name().equals("stage-ends-nodes")) {
          assertThat(struck).as("stages on nodes that died").contains(stage);
        } else {
          checkRun(failure, build, stage, shared);
        }
      }
      default -> throw new AssertionError(answer);
    }
  }

  private void checkRun(Object outcome, BuildId build, StageId stage, boolean shared) {
    var run = runs.get(outcome);
    assertThat(run).as("a run that came to " + outcome).isNotNull();
    if (run != null) {
      assertThat(run.stage()).isEqualTo(stage);
      assertThat(run.build().equals(build) || (shared && run.shared()))
          .as("what became of a stage of " + build + " is of its own run or a shared one: " + run)
          .isTrue();
    }
  }

  /** Checks the end a build has come to. */
  void checkEnd(Event.OfBuild end, Instant now) {
    var account = account(end.build());
    switch (end) {
      case Event.BuildSucceeded _ -> {}
      case Event.BuildFailed(_, var failure) -> {
        if (failure.name().equals("time-limit")) {
          assertThat(account.requested().plus(account.scheduling().timeLimit().orElseThrow()))
              .isBeforeOrEqualTo(now);
        } else {
          assertThat(account.failed()).as("failures of " + end.build()).contains(failure);
        }
      }
      case Event.BuildCancelled(var build, var reason) -> {
        if (!account.asked().contains(reason)) {
          assertThat(isSuperseded(account, reason)).as(build + " " + reason).isTrue();
        }
      }
      default -> throw new AssertionError(end);
    }
  }

  private boolean isSuperseded(Account account, String reason) {
    return accounts.entrySet().stream()
        .filter(each -> reason.equals("superseded by build " + each.getKey()))
        .map(Map.Entry::getValue)
        .anyMatch(newer ->
            newer.number() > account.number()
                && account.scheduling().line().isPresent()
                && newer.scheduling().line().equals(account.scheduling().line())
                && newer.scheduling().tenant().equals(account.scheduling().tenant()));
  }

  private Account account(BuildId build) {
    var account = accounts.get(build);
    if (account == null) {
      throw new AssertionError("nobody asked for " + build);
    }
    return account;
  }
}
