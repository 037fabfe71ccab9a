package dev.birgus.infra.doors;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Asks every ten seconds whether something outside of the process answers. What has answered within
 * half a minute is well: one answer that is late, or one refusal, says nothing. A question that
 * hangs is a silence like any other.
 */
public final class Probe implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Question question;
  private final InstantSource clock;
  private final Thread thread;
  private volatile Instant answered;
  private volatile String refusal = "";

  /** Something that can be asked. */
  @FunctionalInterface
  public interface Question {
    /**
     * Returns when it has answered.
     *
     * @throws Exception if it has not, with what is wrong
     */
    void ask() throws Exception;
  }

  /**
   * A probe that has not begun to ask, of something that was well a moment ago.
   *
   * @param name for its thread
   */
  public Probe(String name, Question question, InstantSource clock) {
    this.question = requireNonNull(question, "question");
    this.clock = requireNonNull(clock, "clock");
    this.answered = clock.instant();
    this.thread = Thread.ofVirtual().name("probe-" + name).unstarted(this::run);
  }

  /** Asks from now on. */
  public Probe start() {
    thread.start();
    return this;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PAUSE);
        ask();
      }
    } catch (InterruptedException _) {
      // That is how it is told to end.
    }
  }

  /** Asks once. */
  void ask() throws InterruptedException {
    try {
      question.ask();
      answered = clock.instant();
      refusal = "";
    } catch (InterruptedException ended) {
      throw ended;
    } catch (Exception refused) {
      refusal = ": " + refused.getMessage();
    }
  }

  /** What is wrong; empty while there are answers. */
  public Optional<String> problem() {
    var silence = Duration.between(answered, clock.instant());
    return silence.compareTo(PATIENCE) < 0
        ? Optional.empty()
        : Optional.of("no answer for " + silence.toSeconds() + " s" + refusal);
  }

  /** Asks no more. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
