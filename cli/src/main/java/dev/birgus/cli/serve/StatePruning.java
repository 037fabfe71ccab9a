package dev.birgus.cli.serve;

import dev.birgus.infra.node.Pruner;
import dev.birgus.infra.node.Retention;
import dev.birgus.infra.node.Shelf;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Keeps the state folder within its limit while a server runs. */
final class StatePruning implements AutoCloseable {

  private static final long USUAL_LIMIT = 10_000_000_000L;
  private static final Duration EVERY = Duration.ofMinutes(5);

  private final Path folder;
  private final OptionalLong limit;
  private final TurningLeases leases;
  private final List<Shelf> shelves;
  private final Journal journal;
  private final Thread thread;

  StatePruning(
      Path folder, OptionalLong limit, TurningLeases leases, List<Shelf> shelves, Journal journal) {
    this.folder = folder;
    this.limit = limit;
    this.leases = leases;
    this.shelves = List.copyOf(shelves);
    this.journal = journal;
    this.thread = Thread.ofVirtual().name("prune").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(EVERY);
        prune();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void prune() {
    try {
      var bytes =
          limit.isPresent()
              ? limit.getAsLong()
              : Math.min(USUAL_LIMIT, Files.getFileStore(folder).getTotalSpace() / 2);
      if (bytes < Long.MAX_VALUE) {
        var _ =
            new Pruner(leases.current(), shelves, journal).pruneWhileWorking(Retention.upTo(bytes));
      }
    } catch (IOException | RuntimeException failed) {
      journal.log(
          Journal.Level.WARN,
          "the state folder could not be pruned",
          Map.of(LogKeys.PATH, folder.toString(), LogKeys.ERROR, String.valueOf(failed)));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException again) {
      Thread.currentThread().interrupt();
    }
  }
}
