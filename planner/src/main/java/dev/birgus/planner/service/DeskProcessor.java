package dev.birgus.planner.service;

import dev.birgus.infra.bus.Processor;
import dev.birgus.infra.bus.Transaction;
import dev.birgus.infra.contracts.Event;
import dev.birgus.planner.flow.Desk;
import dev.birgus.planner.flow.DeskDecision;
import dev.birgus.planner.flow.DeskEntry;
import dev.birgus.planner.flow.DeskSettings;

/** The desks of one share of the pools. */
final class DeskProcessor implements Processor<DeskEntry> {

  private final Desk desk;

  DeskProcessor(DeskSettings settings) {
    this.desk = new Desk(settings);
  }

  @Override
  public void taken(Transaction<DeskEntry> table) {
    // All that is going on goes on elsewhere, and says so.
  }

  @Override
  public void handle(String key, Event event, Transaction<DeskEntry> transaction) {
    apply(desk.decide(key, transaction.table(), event, transaction.now()), transaction);
  }

  @Override
  public void tick(Transaction<DeskEntry> transaction) {
    apply(desk.tick(transaction.table(), transaction.now()), transaction);
  }

  @Override
  public void givenUp() {
    // Nothing of it is here.
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
