package dev.birgus.infra.bus.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/** Where readers go on: where they were, else with the oldest there is that they have not read. */
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
    } catch (OffsetOutOfRangeException lost) {
      var oldest = consumer.beginningOffsets(lost.partitions(), LIMIT);
      lost.offsetOutOfRangePartitions()
          .forEach((partition, place) ->
              goOn(consumer, partition, place < oldest.getOrDefault(partition, 0L)));
    }
    return ConsumerRecords.empty();
  }

  /**
   * Who came too late goes on with the oldest there is. Whose place is beyond the end has read all
   * there is, and more that brokers have lost since: to begin again would be to do all again.
   */
  private void goOn(Consumer<String, byte[]> consumer, TopicPartition partition, boolean late) {
    handling.lostPlace(partition.topic(), late);
    if (late) {
      consumer.seekToBeginning(List.of(partition));
    } else {
      consumer.seekToEnd(List.of(partition));
    }
  }
}
