package dev.birgus.planner.service;

import dev.birgus.infra.bus.Processor;
import dev.birgus.infra.bus.Transaction;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.planner.flow.Desk;
import dev.birgus.planner.flow.DeskDecision;
import dev.birgus.planner.flow.DeskEntry;
import dev.birgus.planner.flow.DeskSettings;
import dev.birgus.planner.flow.PoolNeed;
import java.util.Map;
import java.util.Optional;

/** The desks of one share of the pools. */
final class DeskProcessor implements Processor<DeskEntry> {

  private final Desk desk;
  private final ShareGauges gauges;
  private Map<String, PoolNeed> shown = Map.of();

  DeskProcessor(DeskSettings settings, ShareGauges gauges) {
    this.desk = new Desk(settings);
    this.gauges = gauges;
  }

  @Override
  public void taken(Transaction<DeskEntry> table) {
    // All that is going on goes on elsewhere, and says so.
  }

  @Override
  public void handle(String key, Event event, Transaction<DeskEntry> transaction) {
    apply(desk.decide(key, transaction.table(), event, transaction.now()), transaction);
  }

  /** The build that wants the stage would wait for ever; all else is said again, or comes late. */
  @Override
  public void gaveUp(
      String key, Optional<Event> event, Failure why, Transaction<DeskEntry> transaction) {
    if (event.isPresent() && event.get() instanceof Event.StageWanted wanted) {
      var build = wanted.build();
      transaction.publish(
          Topic.RESULTS, build.value(), new Event.StageFailed(build, wanted.stage().id(), 1, why));
    }
  }

  @Override
  public void tick(Transaction<DeskEntry> transaction) {
    var decision = desk.tick(transaction.table(), transaction.now());
    apply(decision, transaction);
    var needs = decision.needs();
    if (!needs.equals(shown)) {
      transaction.afterwards(() -> show(needs));
    }
  }

  private void show(Map<String, PoolNeed> needs) {
    shown = needs;
    gauges.pools(this, needs);
  }

  @Override
  public void givenUp() {
    gauges.givenUp(this);
  }

  private static void apply(DeskDecision decision, Transaction<DeskEntry> transaction) {
    decision
        .changes()
        .forEach((key, entry) ->
            entry.ifPresentOrElse(
                there -> transaction.put(key, there), () -> transaction.remove(key)));
    decision
        .published()
        .forEach(each -> transaction.publish(each.topic(), each.key(), each.event()));
  }
}
