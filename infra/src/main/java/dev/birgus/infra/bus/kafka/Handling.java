package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.bus.BusWatch;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads events off records and gives them to handlers; what goes wrong is reported, not thrown. */
record Handling(KafkaRecords records, Journal journal, BusWatch watch) {

  /** The event, if this process can read it. */
  Optional<Event> event(ConsumerRecord<String, byte[]> received) {
    try {
      var event = records.event(received);
      if (event.isEmpty()) {
        skipped(received, "its type is not known here");
        watch.typeUnknown(KafkaRecords.type(received));
      }
      return event;
    } catch (JsonSyntaxException broken) {
      skipped(received, String.valueOf(broken.getMessage()));
      watch.unreadable(received.topic());
      return Optional.empty();
    }
  }

  /** Calls the handler; false if it threw. */
  boolean handle(Event event, Consumer<Event> handler) {
    try {
      handler.accept(event);
      return true;
    } catch (Throwable failure) {
      report(Optional.of(event), failure);
      return false;
    }
  }

  /** A handler has thrown. */
  void report(Optional<Event> event, Throwable failure) {
    try {
      watch.handlerFailed(event, failure);
    } catch (RuntimeException _) {
      // Whoever is told about failures failed itself: there is nobody left to tell.
    }
  }

  /** A thread of the bus has ended though nobody told it to. */
  void stopped(String thread, Exception failure) {
    journal.log(
        Journal.Level.ERROR,
        "a part of the bus has stopped; the process is to be started again",
        Map.of("thread", thread, LogKeys.ERROR, failure.toString()));
    watch.stopped(thread, failure);
  }

  /** An event of a feed was sent, or was not. */
  void sent(String topic, @Nullable Exception failure) {
    if (failure != null) {
      journal.log(
          Journal.Level.WARN,
          "an event was not sent",
          Map.of(LogKeys.TOPIC, topic, LogKeys.ERROR, failure.toString()));
      watch.notSent(topic);
    }
  }

  /** A worker goes on with another client, or without a job it had. */
  void interrupted(String thread, Exception failure) {
    journal.log(
        Journal.Level.WARN,
        "a worker of the bus was interrupted",
        Map.of("thread", thread, LogKeys.ERROR, failure.toString()));
  }

  /** A worker takes a job, which is its nth delivery. */
  void taken(String topic, int delivery) {
    if (delivery > 1) {
      watch.deliveredAgain(topic);
    }
  }

  /** A job that runs is another worker's. */
  void leaseLost(String topic, Event job) {
    journal.log(
        Journal.Level.WARN,
        "a job is another worker's now, and is ended here",
        Map.of(LogKeys.TOPIC, topic, LogKeys.BUILD, job.subject()));
    watch.leaseLost(topic);
  }

  /** A job that is done cannot be acknowledged. */
  void leaseLost(String topic) {
    journal.log(
        Journal.Level.WARN,
        "a job that is done was another worker's by then",
        Map.of(LogKeys.TOPIC, topic));
    watch.leaseLost(topic);
  }

  /**
   * A job is given out no more: it was as often as it may be, and nobody came to an end with it.
   */
  void givenUp(String topic, Event job) {
    journal.log(
        Journal.Level.ERROR,
        "a job was given up: no worker came to an end with it",
        Map.of(LogKeys.TOPIC, topic, LogKeys.BUILD, job.subject()));
  }

  /** A processor gives up what is not certain and begins anew. */
  void begunAnew(String processor, Exception failure) {
    journal.log(
        Journal.Level.WARN,
        "a processor begins anew with what is certain",
        Map.of("processor", processor, LogKeys.ERROR, failure.toString()));
    watch.begunAnew(processor, failure);
  }

  /** What a reader of the topic was to read next is not kept any more. */
  void lostPlace(String topic) {
    journal.log(
        Journal.Level.ERROR,
        "events were not read before they were deleted; the topic has to keep them longer",
        Map.of(LogKeys.TOPIC, topic));
    watch.placeLost(topic);
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
