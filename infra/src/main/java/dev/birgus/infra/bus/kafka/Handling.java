package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads events off records and gives them to handlers; what goes wrong is reported, not thrown. */
record Handling(KafkaRecords records, Journal journal, BiConsumer<Event, Throwable> handlerFailed) {

  /** The event, if this process can read it. */
  Optional<Event> event(ConsumerRecord<String, byte[]> received) {
    try {
      var event = records.event(received);
      if (event.isEmpty()) {
        skipped(received, "its type is not known here");
      }
      return event;
    } catch (JsonSyntaxException broken) {
      skipped(received, String.valueOf(broken.getMessage()));
      return Optional.empty();
    }
  }

  /** Calls the handler; false if it threw. */
  boolean handle(Event event, Consumer<Event> handler) {
    try {
      handler.accept(event);
      return true;
    } catch (Throwable failure) {
      report(event, failure);
      return false;
    }
  }

  private void report(Event event, Throwable failure) {
    try {
      handlerFailed.accept(event, failure);
    } catch (RuntimeException _) {
      // Whoever is told about failures failed itself: there is nobody left to tell.
    }
  }

  /** A thread that reads has ended though nobody told it to. */
  void stopped(String thread, Exception failure) {
    journal.log(
        Journal.Level.ERROR,
        "a reader of the bus has stopped",
        Map.of("thread", thread, LogKeys.ERROR, failure.toString()));
  }

  private void skipped(ConsumerRecord<String, byte[]> received, String why) {
    journal.log(
        Journal.Level.WARN,
        "an event was skipped",
        Map.of(
            LogKeys.EVENT,
            received.topic() + "/" + received.partition() + "/" + received.offset(),
            "reason",
            why));
  }
}
