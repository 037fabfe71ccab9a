package dev.birgus.infra.bus;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A processor in one process: it has all keys, and its table is gone with it. */
final class MemoryProcess<S> {

  private static final Duration TICK = Duration.ofSeconds(1);

  private final Processor<S> processor;
  private final EventQueue<Received> queue;
  private final Consumer<Received> publisher;
  private final BiConsumer<Optional<Event>, Throwable> failed;
  private final InstantSource clock = InstantSource.system();
  private final Map<String, S> table = new HashMap<>();
  private Instant lastTick = clock.instant();

  MemoryProcess(
      Processor<S> processor,
      EventQueue<Received> queue,
      Consumer<Received> publisher,
      BiConsumer<Optional<Event>, Throwable> failed) {
    this.processor = processor;
    this.queue = queue;
    this.publisher = publisher;
    this.failed = failed;
  }

  /** Handles what comes until the queue has ended. */
  void run(BooleanSupplier ended) {
    attempt(Optional.empty(), processor::taken);
    try {
      while (!ended.getAsBoolean()) {
        queue
            .poll(TICK)
            .ifPresent(next ->
                handle(
                    next.topic().isOfBuilds() ? next.event().subject() : next.key(), next.event()));
        if (!clock.instant().isBefore(lastTick.plus(TICK))) {
          lastTick = clock.instant();
          attempt(Optional.empty(), processor::tick);
        }
      }
    } finally {
      // What it waits for in the end it waits for though it was told to end by an interrupt.
      var _ = Thread.interrupted();
      processor.givenUp();
    }
  }

  private void handle(String key, Event event) {
    var told = Optional.of(event);
    attempt(told, transaction -> processor.handle(key, event, transaction))
        .ifPresent(
            why -> attempt(told, transaction -> processor.gaveUp(key, told, why, transaction)));
  }

  /** Makes it certain what was done; or undoes it, and says why. */
  private Optional<Failure> attempt(Optional<Event> event, Consumer<Transaction<S>> work) {
    var transaction = new TableTransaction<S>(clock.instant(), table);
    try {
      work.accept(transaction);
    } catch (Throwable bug) {
      transaction.undo();
      failed.accept(event, bug);
      return Optional.of(Undone.why(event, bug));
    }
    transaction
        .published()
        .forEach(each -> publisher.accept(Received.first(each.topic(), each.key(), each.event())));
    for (var effect : transaction.effects()) {
      try {
        effect.run();
      } catch (Throwable bug) {
        failed.accept(event, bug);
      }
    }
    return Optional.empty();
  }
}
