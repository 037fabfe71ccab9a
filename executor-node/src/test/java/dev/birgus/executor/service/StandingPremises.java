package dev.birgus.executor.service;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What a node has where nothing is real: it counts, and has the trouble it is given. */
final class StandingPremises implements ExecutorNode.Premises {

  private final Runnable closed;
  private final AtomicInteger sweeps = new AtomicInteger();
  private volatile Optional<String> trouble = Optional.empty();

  StandingPremises(Runnable closed) {
    this.closed = closed;
  }

  void troubledBy(String reason) {
    trouble = Optional.of(reason);
  }

  void wellAgain() {
    trouble = Optional.empty();
  }

  int sweeps() {
    return sweeps.get();
  }

  @Override
  public NodeHealth health() {
    return () -> trouble;
  }

  @Override
  public void sweep() {
    sweeps.incrementAndGet();
  }

  @Override
  public void close() {
    closed.run();
  }
}
