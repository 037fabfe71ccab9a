package dev.birgus.executor.service;

import dev.birgus.executor.stage.StageExecutor;
import dev.birgus.infra.bus.Job;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Optional;

/**
 * One job of a node: runs the stage and says what came of it, if that is still this node's to say.
 * What could not be brought to its end for reasons of the node's own is handed back.
 */
final class StageJob {

  /** How often a stage is tried, on whatever nodes, before troubles of nodes are its own. */
  private static final int MOST_ATTEMPTS = 3;

  /**
   * How often a job is begun. What ends every node that begins with it must come to an end. A desk
   * says so earlier, and knows what else was on these nodes.
   */
  private static final int MOST_DELIVERIES = 8;

  private final Job taken;
  private final StageReady job;
  private final StageEvents events;
  private final Node node;

  /** What a job needs of its node. */
  record Node(
      String name,
      NodeMembership membership,
      StageExecutor executor,
      RunningStages running,
      Troubles troubles,
      Journal journal) {}

  /** Is told that something is wrong with the node. */
  interface Troubles {
    /** The node has this trouble. Returns when no further stage is taken on account of it. */
    void told(NodeTrouble trouble, String reason);
  }

  StageJob(Job taken, StageReady job, StageEvents events, Node node) {
    this.taken = taken;
    this.job = job;
    this.events = events;
    this.node = node;
  }

  /**
   * Runs the stage on the calling thread, which may be interrupted. What cannot be published is
   * thrown: it is no failure of the stage, whose job comes again.
   */
  void run() {
    if (taken.delivery() > MOST_DELIVERIES) {
      handBackOrFail(givenUp());
      return;
    }
    var thread = Thread.currentThread();
    var running = node.running();
    Runnable outcome;
    if (running.begin(job, thread)) {
      try {
        outcome = outcome();
      } finally {
        running.end(thread);
      }
    } else {
      outcome = () -> ended(Optional.empty());
    }
    // An interrupt that came too late must not stop the last event from being published.
    var _ = Thread.interrupted();
    outcome.run();
  }

  private Runnable outcome() {
    Optional<String> isolation;
    try {
      isolation = node.executor().isolation(job);
    } catch (InterruptedException interrupted) {
      return () -> ended(Optional.empty());
    } catch (RuntimeException | Error thrown) {
      return () -> ended(Optional.of(thrown));
    }
    events.started(node.name(), taken.delivery(), isolation);
    try {
      var result = node.executor().execute(job, events);
      return () -> finished(result);
    } catch (InterruptedException interrupted) {
      return () -> ended(Optional.empty());
    } catch (IOException | RuntimeException | Error thrown) {
      return () -> ended(Optional.of(thrown));
    }
  }

  private void finished(StageResult result) {
    if (isLost()) {
      return;
    }
    events.finished(result);
  }

  /**
   * The stage has not come to its end. What an interrupted system call or transfer throws is not
   * what went wrong, so what the node knows comes first.
   */
  private void ended(Optional<Throwable> thrown) {
    var unwanted = node.running().reason(job);
    if (isLost()) {
      return;
    }
    if (unwanted.isPresent()) {
      events.failed(cancelled(unwanted.get()));
    } else if (node.running().isClosing() || thrown.isEmpty()) {
      leave();
    } else {
      failed(thrown.get());
    }
  }

  private void leave() {
    var reason = "the node is shutting down";
    if (node.membership().handsBack()) {
      events.handedBack(node.name(), reason);
    } else {
      events.failed(cancelled(reason));
    }
  }

  private void failed(Throwable thrown) {
    var failure = failure(thrown);
    var trouble = NodeTrouble.of(failure, thrown);
    if (trouble == NodeTrouble.NONE || !node.membership().handsBack()) {
      events.failed(failure);
      return;
    }
    node.troubles().told(trouble, failure.message());
    handBackOrFail(failure);
  }

  /** What has nothing to do with the stage is not held against it the first few times. */
  private void handBackOrFail(Failure failure) {
    if (job.tries().orElse(job.attempt()) < MOST_ATTEMPTS) {
      events.handedBack(node.name(), failure.message());
    } else {
      events.failed(failure);
    }
  }

  /** Whether another node has the job by now. It says what comes of it; this one, that it lives. */
  private boolean isLost() {
    if (taken.stillMine()) {
      return false;
    }
    events.lost(node.name(), taken.delivery());
    node.journal()
        .log(
            Journal.Level.WARN,
            "a stage was lost to another node",
            Map.of(LogKeys.BUILD, job.build().value(), LogKeys.STAGE, job.stage().name()));
    return true;
  }

  private static Failure cancelled(String reason) {
    return Failure.of("cancelled", "cancelled: " + reason, "");
  }

  private Failure givenUp() {
    return Failure.of(
        "stage-given-up",
        "stage "
            + job.stage().name()
            + ": "
            + (taken.delivery() - 1)
            + " nodes have begun with it, and none came to its end",
        "Look into the logs of the nodes: why did they end? Perhaps the stage needs more memory"
            + " than they have.");
  }

  private Failure failure(Throwable thrown) {
    var stage = job.stage().name();
    return StageFailures.of(stage, thrown)
        .orElseGet(() -> {
          node.journal()
              .log(
                  Journal.Level.ERROR,
                  "a stage ended with a bug of birgus",
                  Map.of(
                      LogKeys.BUILD,
                      job.build().value(),
                      LogKeys.STAGE,
                      stage,
                      LogKeys.ERROR,
                      stackTrace(thrown)));
          return Failure.of(
              "internal-error", "stage " + stage + ": " + thrown, "report this as a bug");
        });
  }

  private static String stackTrace(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
