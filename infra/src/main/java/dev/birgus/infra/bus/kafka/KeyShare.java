package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.bus.Processor;
import dev.birgus.infra.bus.TableTransaction;
import dev.birgus.infra.bus.Transaction;
import dev.birgus.infra.bus.Undone;
import dev.birgus.infra.codec.StateCodec;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The keys of one partition: their processor, and their table as far as it has come.
 *
 * @param <S> the records of the table
 */
final class KeyShare<S> {

  /** What is around a record on its way: headers and the like. */
  private static final int WRAPPING = 64 << 10;

  private final int number;
  private final Processor<S> processor;
  private final Map<String, S> table;
  private final Surroundings<S> surroundings;

  /** What all shares of a processor have in common. */
  record Surroundings<S>(
      StateCodec<S> codec, Handling handling, KafkaTopics topics, InstantSource clock) {}

  KeyShare(int number, Processor<S> processor, Map<String, S> table, Surroundings<S> surroundings) {
    this.number = number;
    this.processor = processor;
    this.table = new HashMap<>(table);
    this.surroundings = surroundings;
  }

  void taken(Outcome outcome) {
    var _ = attempt(Optional.empty(), processor::taken, outcome);
  }

  void handle(String key, Event event, Outcome outcome) {
    var told = Optional.of(event);
    attempt(told, transaction -> processor.handle(key, event, transaction), outcome)
        .ifPresent(why -> gaveUp(key, told, why, outcome));
  }

  /** Nothing comes of an event. */
  void gaveUp(String key, Optional<Event> event, Failure why, Outcome outcome) {
    var _ = attempt(event, transaction -> processor.gaveUp(key, event, why, transaction), outcome);
  }

  void tick(Outcome outcome) {
    var _ = attempt(Optional.empty(), processor::tick, outcome);
  }

  void givenUp() {
    try {
      processor.givenUp();
    } catch (Throwable bug) {
      surroundings.handling().report(Optional.empty(), bug);
    }
  }

  /** What comes of it goes into the outcome whole, or not at all: why not. */
  private Optional<Failure> attempt(
      Optional<Event> event, Consumer<Transaction<S>> work, Outcome outcome) {
    var transaction = new TableTransaction<S>(surroundings.clock().instant(), table);
    try {
      work.accept(transaction);
      add(transaction, outcome);
      return Optional.empty();
    } catch (Throwable bug) {
      transaction.undo();
      surroundings.handling().report(event, bug);
      return Optional.of(Undone.why(event, bug));
    }
  }

  /**
   * What cannot be sent is found here, where it is one event's fault, and not when all is sent
   * together.
   */
  private void add(TableTransaction<S> transaction, Outcome outcome) {
    var records = new HashMap<String, Optional<byte[]>>();
    transaction
        .changes()
        .forEach((key, record) -> records.put(key, record.map(each -> encoded(key, each))));
    var events = new ArrayList<ProducerRecord<String, byte[]>>();
    for (var each : transaction.published()) {
      var target = surroundings.topics().target(each.topic(), each.key());
      var record = surroundings.handling().records().of(target, each.key(), each.event());
      fitting(each.key(), record.value());
      events.add(record);
    }
    records.forEach((key, record) -> outcome.put(number, key, record));
    outcome.publish(events);
    transaction.published().stream()
        .filter(each -> each.topic().isWorkQueue())
        .forEach(each -> outcome.reaches(new Outcome.Lane(each.topic(), each.key())));
    outcome.afterwards(transaction.effects());
  }

  private byte[] encoded(String key, S record) {
    return fitting(key, surroundings.codec().encode(record));
  }

  private static byte[] fitting(String key, byte[] value) {
    if (value.length > KafkaTopics.LARGEST_EVENT - WRAPPING) {
      throw KafkaFailures.tooLarge(
              "too large for an event or a record of a table: "
                  + value.length
                  + " bytes about "
                  + key
                  + "; the most is "
                  + (KafkaTopics.LARGEST_EVENT - WRAPPING))
          .toException();
    }
    return value;
  }
}
