package dev.birgus.infra.service;

import dev.birgus.infra.bus.EventBus;

/**
 * A part of the pipeline: it reads topics, does its work and publishes what happened. The command
 * line starts services on the in-memory bus; a server hosts the same ones on Kafka.
 */
public interface Service extends AutoCloseable {

  /** Subscribes to what it reads. Called once. */
  void start(EventBus bus);

  /** Takes no new work, ends what is running, and releases everything it holds. */
  @Override
  void close();
}
