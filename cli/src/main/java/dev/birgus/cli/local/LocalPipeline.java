package dev.birgus.cli.local;

import static java.util.Objects.requireNonNull;

import dev.birgus.cli.flags.BuildCommand;
import dev.birgus.cli.progress.Ending;
import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.observe.Journal;

/**
 * One build by the four services in this process. Made, run once, closed; closing is safe from
 * another thread, also while it runs, and more than once.
 */
public final class LocalPipeline implements AutoCloseable {

  private final BuildCommand command;
  private final Machine machine;
  private final EventBus bus;
  private final Journal journal;

  /** A build that has not begun. */
  public LocalPipeline(BuildCommand command, Machine machine, EventBus bus, Journal journal) {
    this.command = requireNonNull(command, "command");
    this.machine = requireNonNull(machine, "machine");
    this.bus = requireNonNull(bus, "bus");
    this.journal = requireNonNull(journal, "journal");
  }

  /** The bus the services of one process meet on. */
  public static EventBus newBus(Journal journal) {
    return InMemoryEventBus.reportingTo(journal);
  }

  /**
   * Runs the build and returns when it has ended.
   *
   * @throws dev.birgus.infra.contracts.FailureException if it could not even begin; nothing was
   *     published then
   */
  public Ending run() {
    var notWired = Failure.of("not-supported-yet", "building is not supported yet", "");
    return new Ending.Failed(notWired);
  }

  /** Ends what is running, undoes mounts and removes the work folder. */
  @Override
  public void close() {}

  @Override
  public String toString() {
    return "LocalPipeline[" + command.source() + ", " + machine + ", " + bus + ", " + journal + "]";
  }
}
