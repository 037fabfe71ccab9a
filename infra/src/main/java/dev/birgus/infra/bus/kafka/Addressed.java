package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;

/**
 * A record and the key it should have. Clients in other languages put keys into other partitions,
 * and who writes by hand may give none; what is of one build has to be in one place all the same.
 *
 * @param key of a topic of builds the build; else what it was sent under, or nothing
 */
record Addressed(ConsumerRecord<String, byte[]> received, String key) {

  /** Reads its address off a record. */
  static Addressed of(
      Topic topic, ConsumerRecord<String, byte[]> received, Handling.Reading reading) {
    var sent = received.key() == null ? "" : received.key();
    if (!topic.isOfBuilds()) {
      return new Addressed(received, sent);
    }
    var key =
        switch (reading) {
          case Handling.Known(var event) -> event instanceof Event.OfBuild ? event.subject() : sent;
          case Handling.Unreadable _ -> KafkaRecords.subject(received).orElse(sent);
          case Handling.OfUnknownType _ -> sent;
        };
    return new Addressed(received, key);
  }

  /** Whether it is in another partition than its key's, of so many. */
  boolean isMisplaced(int partitions) {
    return !key.isEmpty() && received.partition() != partition(partitions);
  }

  /** The same, where it belongs. */
  ProducerRecord<String, byte[]> moved(int partitions) {
    return new ProducerRecord<>(
        received.topic(), partition(partitions), null, key, received.value(), received.headers());
  }

  /** As producers in Java choose it. */
  private int partition(int partitions) {
    var bytes = key.getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(bytes)) % partitions;
  }
}
