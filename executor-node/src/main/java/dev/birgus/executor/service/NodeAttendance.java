package dev.birgus.executor.service;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Job;
import dev.birgus.infra.contracts.Event.NodeReported;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes jobs as long as the node is well, and says every few seconds that the node is there, with
 * how many slots and what it runs. While something is wrong with the node it takes none and says
 * so; when nothing is any more, it goes on.
 */
final class NodeAttendance implements StageJob.Troubles {

  private static final String WORKERS = "executors";

  /** How long nothing is taken for a lack that cannot be looked at. */
  private static final Duration BACK_OFF = Duration.ofSeconds(30);

  private final EventBus bus;
  private final Staff staff;
  private final NodeHealth health;
  private final RunningStages running;
  private final Journal journal;
  private final Thread reports;
  private Optional<EventBus.Subscription> intake = Optional.empty();
  private Optional<Thread> closing = Optional.empty();
  private Optional<String> lack = Optional.empty();
  private Instant lackEnds = Instant.MIN;
  private boolean leaving;

  /** The node, and who works through its jobs. */
  record Staff(String name, NodeMembership membership, int slots, Consumer<Job> worker) {}

  NodeAttendance(
      EventBus bus, Staff staff, NodeHealth health, RunningStages running, Journal journal) {
    this.bus = bus;
    this.staff = staff;
    this.health = health;
    this.running = running;
    this.journal = journal;
    this.reports = Thread.ofVirtual().name("node-reports").unstarted(this::reportForEver);
  }

  void start() {
    look();
    reports.start();
  }

  private void reportForEver() {
    try {
      while (true) {
        Thread.sleep(staff.membership().reports());
        try {
          look();
        } catch (RuntimeException failed) {
          journal.log(
              Journal.Level.WARN,
              "the node could not say that it is there",
              Map.of(LogKeys.ERROR, String.valueOf(failed.getMessage())));
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes jobs or not, as things are now, and says so. */
  private synchronized void look() {
    if (!leaving) {
      var trouble = trouble();
      if (trouble.isPresent() && intake.isPresent()) {
        told(Journal.Level.WARN, "the node takes no stages for now", trouble.get());
        pause();
      } else if (trouble.isEmpty() && intake.isEmpty() && !isClosing()) {
        intake =
            Optional.of(
                bus.work(
                    Topic.WORK, staff.membership().pool(), WORKERS, staff.slots(), staff.worker()));
      }
    }
    report();
  }

  private Optional<String> trouble() {
    if (lack.isPresent() && Instant.now().isAfter(lackEnds)) {
      lack = Optional.empty();
    }
    return lack.or(health::trouble);
  }

  private void told(Journal.Level level, String message, String reason) {
    journal.log(level, message, Map.of("node", staff.name(), "reason", reason));
  }

  /** The stages that run come to their end meanwhile. */
  private void pause() {
    intake.ifPresent(
        open -> closing = Optional.of(Thread.ofVirtual().name("node-intake").start(open::close)));
    intake = Optional.empty();
  }

  private boolean isClosing() {
    return closing.filter(Thread::isAlive).isPresent();
  }

  private void report() {
    var membership = staff.membership();
    bus.publish(
        Topic.STAGES,
        membership.pool(),
        new NodeReported(
            staff.name(),
            membership.pool(),
            intake.isPresent() ? staff.slots() : 0,
            running.attempts()));
  }

  @Override
  public synchronized void told(NodeTrouble trouble, String reason) {
    if (trouble == NodeTrouble.LACK) {
      lack = Optional.of(reason);
      lackEnds = Instant.now().plus(BACK_OFF);
    }
    look();
  }

  /**
   * Takes no job any more.
   *
   * @return a thread that ends when the last one that runs has come to its end
   */
  Optional<Thread> leave() {
    reports.interrupt();
    synchronized (this) {
      leaving = true;
      pause();
      return closing;
    }
  }

  /** Says that the node takes nothing, and what it still runs. */
  synchronized void sayGoodbye() {
    try {
      report();
    } catch (RuntimeException unreachable) {
      told(
          Journal.Level.WARN,
          "the node could not say that it leaves",
          String.valueOf(unreachable.getMessage()));
    }
  }
}
