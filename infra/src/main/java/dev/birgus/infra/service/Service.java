package dev.birgus.infra.service;

import dev.birgus.infra.bus.EventBus;
import java.time.Duration;
import java.util.Optional;

/**
 * A part of the pipeline: it reads topics, does its work and publishes what happened. The command
 * line starts services on the in-memory bus; a server hosts the same ones on Kafka.
 */
public interface Service extends AutoCloseable {

  /** Subscribes to what it reads. Called once. */
  void start(EventBus bus);

  /**
   * Why it does not do its part now, for operators; empty while it does. Asked at any time after
   * {@link #start}, by any thread; it does not block.
   */
  default Optional<String> trouble() {
    return Optional.empty();
  }

  /**
   * Takes no new work, and lets what is running come to its end; what has not after this time is
   * handed back for others, where there are any. Called once at most, before {@link #close}.
   */
  default void drain(Duration grace) throws InterruptedException {
    // Who takes no jobs has none to end.
  }

  /** Takes no new work, ends what is running, and releases everything it holds. */
  @Override
  void close();
}
