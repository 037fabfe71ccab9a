package dev.birgus.cli.local;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.node.Leases;
import dev.birgus.infra.node.NodeLeases;
import dev.birgus.infra.node.Pruner;
import dev.birgus.infra.node.Retention;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Keeps the state folder within its limit. While it is open a build holds what it uses; closed, it
 * holds nothing any more, and what is too much is removed.
 */
final class Housekeeping implements AutoCloseable {

  private static final long USUAL_LIMIT = 10_000_000_000L;

  private final StateFolder state;
  private final OptionalLong limit;
  private final Journal journal;
  private final NodeLeases leases;
  private volatile boolean due;

  private Housekeeping(StateFolder state, OptionalLong limit, Journal journal, NodeLeases leases) {
    this.state = state;
    this.limit = limit;
    this.journal = journal;
    this.leases = leases;
  }

  /**
   * Begins.
   *
   * @param limit in bytes; empty for the usual one, at most half of the file system
   */
  static Housekeeping open(
      StateFolder state, OptionalLong limit, InstantSource clock, Journal journal) {
    requireNonNull(limit, "limit");
    try {
      var leases = NodeLeases.open(state.leases(), clock, journal);
      return new Housekeeping(state, limit, journal, leases);
    } catch (IOException failed) {
      throw state.unusable(failed);
    }
  }

  Leases leases() {
    return leases;
  }

  /** The build has come to its end; one that is cancelled leaves the work to the next. */
  void buildHasEnded() {
    due = true;
  }

  @Override
  public void close() throws IOException {
    try (leases) {
      var bytes = bytes();
      if (due && bytes < Long.MAX_VALUE) {
        leases.release();
        prune(bytes);
      }
    }
  }

  private void prune(long bytes) throws IOException {
    var outcome = new Pruner(leases, state.shelves(), journal).prune(Retention.upTo(bytes));
    if (!outcome.removed().isEmpty()) {
      journal.log(
          Journal.Level.DEBUG,
          "removed what was used longest ago from the state folder",
          Map.of(
              LogKeys.PATH,
              state.path().toString(),
              "bytes",
              Long.toString(outcome.freed()),
              "limit",
              Long.toString(bytes)));
    }
  }

  private long bytes() throws IOException {
    return limit.isPresent()
        ? limit.getAsLong()
        : Math.min(USUAL_LIMIT, Files.getFileStore(state.path()).getTotalSpace() / 2);
  }
}
