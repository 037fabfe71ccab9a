package dev.birgus.infra.bus.kafka;

import java.time.Duration;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/** Where readers go on: where they were, else with the oldest there is. */
record Places(Handling handling) {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /**
   * Knows where the consumer is in these partitions. What members before have committed is waited
   * for: their transactions are over then.
   */
  void settle(Consumer<String, byte[]> consumer, Collection<TopicPartition> partitions) {
    for (var each : partitions) {
      try {
        consumer.position(each, LIMIT);
      } catch (NoOffsetForPartitionException none) {
        consumer.seekToBeginning(none.partitions());
        consumer.position(each, LIMIT);
      }
    }
  }

  /** What has come; nothing if the consumer had to be given a place first. */
  ConsumerRecords<String, byte[]> poll(Consumer<String, byte[]> consumer, Duration patience) {
    try {
      return consumer.poll(patience);
    } catch (NoOffsetForPartitionException none) {
      consumer.seekToBeginning(none.partitions());
    } catch (OffsetOutOfRangeException late) {
      late.partitions().stream().map(TopicPartition::topic).distinct().forEach(handling::lostPlace);
      consumer.seekToBeginning(late.partitions());
    }
    return ConsumerRecords.empty();
  }
}
