package dev.birgus.infra.node;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Removes from the shelves of a node what is not to be kept and not in use. */
public final class Pruner {

  private final NodeLeases leases;
  private final List<Shelf> shelves;
  private final Journal journal;

  /** A pruner of these shelves. */
  public Pruner(NodeLeases leases, List<Shelf> shelves, Journal journal) {
    this.leases = requireNonNull(leases, "leases");
    this.shelves = List.copyOf(shelves);
    this.journal = requireNonNull(journal, "journal");
  }

  /**
   * What became of the shelves.
   *
   * @param removed what is gone, or would be
   * @param kept what is left
   */
  public record Outcome(List<Kept> removed, List<Kept> kept) {
    public Outcome {
      removed = List.copyOf(removed);
      kept = List.copyOf(kept);
    }

    /** Bytes that are free now, or would be. */
    public long freed() {
      return removed.stream().mapToLong(Kept::size).sum();
    }

    /** Bytes that are still taken. */
    public long left() {
      return kept.stream().mapToLong(Kept::size).sum();
    }
  }

  private record Withdrawn(Kept kept, Shelf.Disposal disposal) {}

  /** Tells what {@link #prune} would do. */
  public Outcome rehearse(Retention retention) throws IOException {
    var found = found();
    var all = List.copyOf(found.keySet());
    return leases.whileNobodyTakes(inUse -> {
      var chosen = retention.superfluous(all, each -> inUse.names().contains(each.name()));
      return outcome(all, chosen);
    });
  }

  /** Removes. What cannot be removed is told to the journal. */
  public Outcome prune(Retention retention) throws IOException {
    return prune(retention, inUse -> !inUse.others());
  }

  /**
   * The same in a process that works on: shelves are tidied only when nothing is leased, and so
   * nobody of this process is at them either.
   */
  public Outcome pruneWhileWorking(Retention retention) throws IOException {
    return prune(retention, inUse -> !inUse.others() && inUse.names().isEmpty());
  }

  private Outcome prune(Retention retention, Predicate<NodeLeases.InUse> still) throws IOException {
    var found = found();
    var all = List.copyOf(found.keySet());
    var withdrawn =
        leases.whileNobodyTakes(inUse ->
            withdraw(
                found, retention.superfluous(all, each -> inUse.names().contains(each.name()))));
    for (var each : withdrawn) {
      try {
        each.disposal().dispose();
      } catch (IOException failed) {
        complain(each.kept(), failed);
      }
    }
    tidy(still);
    return outcome(all, withdrawn.stream().map(Withdrawn::kept).toList());
  }

  private void tidy(Predicate<NodeLeases.InUse> still) throws IOException {
    leases.whileNobodyTakes(inUse -> {
      if (still.test(inUse)) {
        for (var shelf : shelves) {
          shelf.tidy();
        }
      }
      return inUse;
    });
  }

  private Map<Kept, Shelf> found() throws IOException {
    var found = new LinkedHashMap<Kept, Shelf>();
    for (var shelf : shelves) {
      for (var each : shelf.kept()) {
        found.put(each, shelf);
      }
    }
    return found;
  }

  private List<Withdrawn> withdraw(Map<Kept, Shelf> found, List<Kept> chosen) {
    var withdrawn = new ArrayList<Withdrawn>();
    for (var each : chosen) {
      try {
        requireNonNull(found.get(each))
            .withdraw(each)
            .ifPresent(disposal -> withdrawn.add(new Withdrawn(each, disposal)));
      } catch (IOException failed) {
        complain(each, failed);
      }
    }
    return withdrawn;
  }

  private void complain(Kept kept, IOException failed) {
    journal.log(
        Journal.Level.WARN,
        "what is not needed any more could not be removed",
        Map.of("name", kept.name(), LogKeys.ERROR, String.valueOf(failed.getMessage())));
  }

  private static Outcome outcome(List<Kept> all, List<Kept> removed) {
    var gone = new HashSet<>(removed);
    return new Outcome(removed, all.stream().filter(each -> !gone.contains(each)).toList());
  }
}
