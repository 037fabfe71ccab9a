package dev.birgus.cli.serve;

import dev.birgus.infra.node.Leases;
import dev.birgus.infra.node.NodeLeases;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The leases of a process that does not end. What is taken is held for a while that is longer than
 * a build can take, and not for ever: leases are taken from two that take turns, and one of them is
 * released when it begins its turn anew.
 */
final class TurningLeases implements Leases, AutoCloseable {

  private final Duration turn;
  private final InstantSource clock;
  private NodeLeases current;
  private NodeLeases before;
  private Instant begun;

  private TurningLeases(Duration turn, InstantSource clock, NodeLeases current, NodeLeases before) {
    this.turn = turn;
    this.clock = clock;
    this.current = current;
    this.before = before;
    this.begun = clock.instant();
  }

  /**
   * Begins to take leases.
   *
   * @param root the folder of the leases of all processes
   * @param turn how long something is held at least; the longest time a build can take
   */
  static TurningLeases open(Path root, Duration turn, InstantSource clock, Journal journal)
      throws IOException {
    var first = NodeLeases.open(root, clock, journal);
    try {
      return new TurningLeases(turn, clock, first, NodeLeases.open(root, clock, journal));
    } catch (IOException | RuntimeException failed) {
      first.close();
      throw failed;
    }
  }

  @Override
  public synchronized void take(String name) throws IOException {
    turn();
    current.take(name);
  }

  /** What may be pruned by. */
  synchronized NodeLeases current() throws IOException {
    turn();
    return current;
  }

  private void turn() throws IOException {
    var now = clock.instant();
    if (now.isAfter(begun.plus(turn))) {
      before.release();
      var other = before;
      before = current;
      current = other;
      begun = now;
    }
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public synchronized void close() throws IOException {
    try {
      current.close();
    } finally {
      before.close();
    }
  }
}
