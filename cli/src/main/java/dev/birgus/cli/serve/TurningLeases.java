package dev.birgus.cli.serve;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.node.Leases;
import dev.birgus.infra.node.NodeLeases;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The leases of a process that does not end. What is taken is held as long as a build may need it,
 * and not for ever: leases are taken from two sets that take turns, and the one whose turn it was
 * before is released when all builds have ended that were open then.
 */
final class TurningLeases implements Leases, AutoCloseable {

  /** What is taken before a build is heard of, such as its context, is for one heard of by then. */
  private static final Duration LATE = Duration.ofMinutes(5);

  private static final Duration SHORTEST = LATE.multipliedBy(2);

  private final Terms terms;
  private final Supplier<Optional<Instant>> oldestOpen;
  private final InstantSource clock;
  private final NodeLeases first;
  private NodeLeases current;
  private NodeLeases before;
  private Instant begun;

  /**
   * How long something is held after it was last needed by a turn.
   *
   * @param least also when no build is open: as long as results of stages are used again
   * @param most whatever builds are open: the longest time one can take
   */
  record Terms(Duration least, Duration most) {
    Terms {
      least = least.compareTo(SHORTEST) < 0 ? SHORTEST : least;
      requireNonNull(most, "most");
    }
  }

  private TurningLeases(
      Terms terms, Supplier<Optional<Instant>> oldestOpen, InstantSource clock, NodeLeases leases) {
    this.terms = terms;
    this.oldestOpen = oldestOpen;
    this.clock = clock;
    this.first = leases;
    this.current = leases;
    this.before = leases.beside();
    this.begun = clock.instant();
  }

  /**
   * Begins to take leases.
   *
   * @param root the folder of the leases of all processes
   * @param oldestOpen when the build that is open longest was heard of first; empty if none is open
   */
  static TurningLeases open(
      Path root,
      Terms terms,
      Supplier<Optional<Instant>> oldestOpen,
      InstantSource clock,
      Journal journal)
      throws IOException {
    return new TurningLeases(terms, oldestOpen, clock, NodeLeases.open(root, clock, journal));
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
    if (now.isBefore(begun.plus(terms.least()))) {
      return;
    }
    var ended = oldestOpen.get().map(begun.plus(LATE)::isBefore).orElse(true);
    if (ended || now.isAfter(begun.plus(terms.most()))) {
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
    first.close();
  }
}
