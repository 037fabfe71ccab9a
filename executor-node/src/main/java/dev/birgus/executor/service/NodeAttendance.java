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
 * so; when nothing is any more, it goes on. A node that leaves says what it still runs to the end:
 * of a node that is silent the stages are given to others.
 */
final class NodeAttendance implements StageJob.Troubles {

  private static final String WORKERS = "executors";

  /** How long nothing is taken for a lack that cannot be looked at. */
  private static final Duration BACK_OFF = Duration.ofSeconds(30);

  /** How long a last word is waited for. */
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private final EventBus bus;
  private final Staff staff;
  private final NodeHealth health;
  private final RunningStages running;
  private final Journal journal;
  private final Thread reports;

  /** Held while a report is made and sent, so that the last one is the newest. */
  private final Object reporting = new Object();

  private Optional<EventBus.Subscription> intake = Optional.empty();
  private Optional<Thread> closing = Optional.empty();
  private Optional<String> lack = Optional.empty();
  private Instant lackEnds = Instant.MIN;
  private boolean leaving;
  private volatile boolean over;
  private volatile Optional<String> known = Optional.empty();

  /** The node, and who works through its jobs. */
  record Staff(String name, NodeMembership membership, int slots, Consumer<Job> worker) {}

  NodeAttendance(
      EventBus bus, Staff staff, NodeHealth health, RunningStages running, Journal journal) {
    this.bus = bus;
    this.staff = staff;
    this.health = health;
    this.running = running;
    this.journal = journal;
    this.reports = Thread.ofVirtual().name("node-reports").unstarted(this::reportToTheEnd);
  }

  void start() {
    look();
    reports.start();
  }

  /** Every few seconds, at once when something has changed, and once more when all is over. */
  private void reportToTheEnd() {
    var last = false;
    while (!last) {
      try {
        Thread.sleep(staff.membership().reports());
      } catch (InterruptedException _) {
        // There is something to be said now.
      }
      last = over;
      try {
        look();
      } catch (RuntimeException failed) {
        journal.log(
            Journal.Level.WARN,
            "the node could not say that it is there",
            Map.of(LogKeys.ERROR, String.valueOf(failed.getMessage())));
      }
    }
  }

  /** Takes jobs or not, as things are now, and says so. */
  private void look() {
    synchronized (reporting) {
      bus.publish(Topic.STAGES, staff.membership().pool(), attend());
    }
  }

  private synchronized NodeReported attend() {
    if (!leaving) {
      var trouble = trouble();
      known = trouble;
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
    return new NodeReported(
        staff.name(),
        staff.membership().pool(),
        intake.isPresent() ? staff.slots() : 0,
        running.attempts());
  }

  /** Why the node took nothing when it last looked; empty if it did. */
  Optional<String> lastTrouble() {
    return known;
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

  @Override
  public void told(NodeTrouble trouble, String reason) {
    if (trouble == NodeTrouble.LACK) {
      lacks(reason);
    }
    look();
  }

  private synchronized void lacks(String reason) {
    lack = Optional.of(reason);
    lackEnds = Instant.now().plus(BACK_OFF);
  }

  /**
   * Takes no job any more, which is said at once without being waited for. What runs is said as
   * before.
   *
   * @return a thread that ends when the last job that runs has come to its end
   */
  Optional<Thread> leave() {
    synchronized (this) {
      leaving = true;
      pause();
    }
    reports.interrupt();
    return closing();
  }

  private synchronized Optional<Thread> closing() {
    return closing;
  }

  /** Says for the last time what the node is like, and nothing more. The bus may be gone. */
  void end() {
    over = true;
    reports.interrupt();
    try {
      if (reports.isAlive() && !reports.join(FAREWELL)) {
        told(Journal.Level.WARN, "the node could not say that it leaves", "the bus takes nothing");
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }
}
