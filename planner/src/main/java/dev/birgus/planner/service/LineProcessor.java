package dev.birgus.planner.service;

import dev.birgus.infra.bus.Processor;
import dev.birgus.infra.bus.Transaction;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.planner.flow.Lines;
import dev.birgus.planner.flow.Lines.Line;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The lines of one share: the newest build of each goes on. */
final class LineProcessor implements Processor<Line> {

  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(1);

  private final Duration memory;
  private Optional<Instant> swept = Optional.empty();

  /**
   * Lines.
   *
   * @param memory how long a line is known on which nothing happens
   */
  LineProcessor(Duration memory) {
    this.memory = memory;
  }

  @Override
  public void taken(Transaction<Line> table) {
    // Nothing is going on.
  }

  @Override
  public void handle(String key, Event event, Transaction<Line> transaction) {
    var known = transaction.get(key);
    var decision = Lines.decide(known, event, transaction.now());
    if (!known.equals(Optional.of(decision.line()))) {
      transaction.put(key, decision.line());
    }
    decision
        .superseded()
        .ifPresent(cancel -> transaction.publish(Topic.BUILDS, cancel.build().value(), cancel));
  }

  @Override
  public void tick(Transaction<Line> transaction) {
    var now = transaction.now();
    if (swept.isPresent() && now.isBefore(swept.get().plus(BETWEEN_SWEEPS))) {
      return;
    }
    swept = Optional.of(now);
    List.copyOf(transaction.table().entrySet())
        .forEach(each -> {
          if (each.getValue().at().plus(memory).isBefore(now)) {
            transaction.remove(each.getKey());
          }
        });
  }

  @Override
  public void givenUp() {
    // Nothing of it is here.
  }
}
