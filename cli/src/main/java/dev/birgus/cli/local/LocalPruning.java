package dev.birgus.cli.local;

import dev.birgus.cli.flags.PruneCommand;
import dev.birgus.executor.service.ExecutorComposition;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.node.NodeLeases;
import dev.birgus.infra.node.PlainTree;
import dev.birgus.infra.node.ProcessFolder;
import dev.birgus.infra.node.Pruner;
import dev.birgus.infra.node.Retention;
import dev.birgus.infra.observe.Journal;
import dev.birgus.ingest.context.ContextShelf;
import java.io.IOException;
import java.time.InstantSource;

/** Deletes from the state folder of this machine. */
public final class LocalPruning {

  private LocalPruning() {}

  /**
   * Deletes what the command says, and what killed builds left; or tells what would be deleted.
   *
   * @throws dev.birgus.infra.contracts.FailureException if the state folder cannot be used
   */
  public static Pruner.Outcome prune(
      PruneCommand command, Machine machine, InstantSource clock, Journal journal) {
    var state = StateFolder.open(machine, command.stateDirectory());
    var retention = retention(command, clock);
    try (var leases = NodeLeases.open(state.leases(), clock, journal)) {
      var pruner = new Pruner(leases, state.shelves(), journal);
      if (command.dryRun()) {
        return pruner.rehearse(retention);
      }
      sweep(state, journal);
      return pruner.prune(retention);
    } catch (IOException failed) {
      throw state.unusable(failed);
    }
  }

  /** Asked for nothing special, what no later build needs goes. */
  private static Retention retention(PruneCommand command, InstantSource clock) {
    var nothingSaid =
        !command.all() && command.olderThan().isEmpty() && command.maxSize().isEmpty();
    return new Retention(
        command.all(),
        nothingSaid,
        command.olderThan().map(age -> clock.instant().minus(age)),
        command.maxSize());
  }

  /** To open a place removes what dead processes left in it. */
  private static void sweep(StateFolder state, Journal journal) throws IOException {
    ExecutorComposition.sweep(state.executor(), journal);
    ProcessFolder.open(state.contexts(), "ingest-", PlainTree::remove, journal).close();
    DirectoryBlobStore.open(state.blobs()).close();
    ContextShelf.sweep(state.unpackedContexts(), journal);
  }
}
