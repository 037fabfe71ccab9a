package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.bus.BusWatch;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads events off records and gives them to handlers; what goes wrong is reported, not thrown.
 *
 * @param answers tells the build of this name that a job of it cannot be read
 */
record Handling(
    KafkaRecords records, Journal journal, BusWatch watch, BiConsumer<String, Failure> answers) {

  /** What a record is to this process. */
  sealed interface Reading {}

  /** An event. */
  record Known(Event event) implements Reading {}

  /** An event of a type that is not known here: its sender is newer. */
  record OfUnknownType() implements Reading {}

  /** No event, whatever its type says. */
  record Unreadable(Failure why) implements Reading {}

  /** The event, if this process can read it. */
  Optional<Event> event(ConsumerRecord<String, byte[]> received) {
    return read(received) instanceof Known(var event) ? Optional.of(event) : Optional.empty();
  }

  /**
   * The job, if this process can read it. If nobody can, its build is told: it would wait for ever.
   *
   * @throws dev.birgus.infra.contracts.FailureException if it cannot be told now
   */
  Optional<Event> job(ConsumerRecord<String, byte[]> received) {
    var reading = read(received);
    if (reading instanceof Unreadable(var why)) {
      KafkaRecords.subject(received).ifPresent(build -> answers.accept(build, why));
    }
    return reading instanceof Known(var event) ? Optional.of(event) : Optional.empty();
  }

  /** What this process makes of a record; what it passes over is told. */
  Reading read(ConsumerRecord<String, byte[]> received) {
    try {
      var event = records.event(received);
      if (event.isPresent()) {
        return new Known(event.get());
      }
      skipped(received, "its type is not known here");
      watch.typeUnknown(KafkaRecords.type(received));
      return new OfUnknownType();
    } catch (RuntimeException broken) {
      // Whoever can write to a topic can have written anything.
      skipped(received, broken.toString());
      watch.unreadable(received.topic());
      return new Unreadable(unreadable(received, broken));
    }
  }

  private static Failure unreadable(ConsumerRecord<String, byte[]> received, Exception broken) {
    return Failure.of(
        Failure.EVENT_UNREADABLE,
        "an event cannot be read (" + place(received) + "): " + broken.getMessage(),
        "its sender and the rest of the pipeline have to be of versions that know each other;"
            + " what events look like is in docs/events");
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

  /** How a part of the bus that begins now bears denials. */
  Denials denials() {
    return new Denials(records.clock());
  }

  /** A thread of the bus has ended though nobody told it to. */
  void stopped(String thread, Throwable failure) {
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

  /** A reader goes on after a while. */
  void interruptedReader(String thread, Exception failure) {
    journal.log(
        Journal.Level.WARN,
        "a reader of the bus was interrupted",
        Map.of("thread", thread, LogKeys.ERROR, failure.toString()));
  }

  /** A worker gets no jobs: brokers allow its group no more members. */
  void groupFull(String thread, String topic, Exception failure) {
    journal.log(
        Journal.Level.ERROR,
        "a slot gets no work: its group has as many members as brokers allow",
        Map.of(
            "thread",
            thread,
            LogKeys.TOPIC,
            topic,
            LogKeys.ERROR,
            failure.toString(),
            "advice",
            "raise group.share.max.size of the brokers, at most 1000, or have several pools"));
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

  /**
   * What a reader of the topic was to read next is not there.
   *
   * @param late whether it was there once; else brokers have lost what came before it, too
   */
  void lostPlace(String topic, boolean late) {
    journal.log(
        Journal.Level.ERROR,
        late
            ? "events were not read before they were deleted; the topic has to keep them longer"
            : "brokers have lost events that were read; reading goes on with what comes now",
        Map.of(LogKeys.TOPIC, topic));
    watch.placeLost(topic);
  }

  /** An event leads to nothing though it can be read: what comes of it is too large to be sent. */
  void passedOver(ConsumerRecord<String, byte[]> received) {
    skipped(received, "what comes of it is too large for the brokers");
    watch.unreadable(received.topic());
  }

  private static String place(ConsumerRecord<String, byte[]> received) {
    return received.topic() + "/" + received.partition() + "/" + received.offset();
  }

  private void skipped(ConsumerRecord<String, byte[]> received, String why) {
    journal.log(
        Journal.Level.WARN,
        "an event was skipped",
        Map.of(LogKeys.EVENT, place(received), "reason", why));
  }
}
