package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.codec.StateCodec;
import dev.birgus.infra.json.JsonSyntaxException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads what a processor's table has become. Transactions that are open when it begins are waited
 * for: they may be a dead member's, whose brokers are about to end them.
 */
record TableReader<S>(KafkaClients clients, Cluster cluster, StateCodec<S> codec, String topic) {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(100);

  /**
   * The table of each of these shares.
   *
   * @param ended whether nobody wants to know any more
   * @throws TimeoutException if it takes longer than a minute without getting on
   * @throws JsonSyntaxException if a record cannot be read: a newer process has written it
   */
  Map<Integer, Map<String, S>> read(Collection<Integer> shares, BooleanSupplier ended) {
    var tables = new HashMap<Integer, Map<String, S>>();
    shares.forEach(share -> tables.put(share, new HashMap<>()));
    var ends = ends(shares);
    try (var consumer = clients.consumer()) {
      consumer.assign(ends.keySet());
      consumer.seekToBeginning(ends.keySet());
      var until = System.nanoTime() + LIMIT.toNanos();
      while (!isThere(consumer, ends)) {
        if (ended.getAsBoolean()) {
          throw new WakeupException();
        }
        var polled = consumer.poll(POLL);
        polled.forEach(record -> apply(record, tables));
        if (!polled.isEmpty()) {
          until = System.nanoTime() + LIMIT.toNanos();
        } else if (System.nanoTime() > until) {
          throw new TimeoutException("the table " + topic + " cannot be read to its end");
        }
      }
    }
    return tables;
  }

  private Map<TopicPartition, Long> ends(Collection<Integer> shares) {
    try {
      return cluster.ends(topic, shares);
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }

  private static boolean isThere(
      KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(each -> consumer.position(each.getKey()) >= each.getValue());
  }

  private void apply(ConsumerRecord<String, byte[]> record, Map<Integer, Map<String, S>> tables) {
    var table = tables.computeIfAbsent(record.partition(), _ -> new HashMap<>());
    Optional.ofNullable(record.value())
        .ifPresentOrElse(
            value -> table.put(record.key(), decoded(record, value)),
            () -> table.remove(record.key()));
  }

  private S decoded(ConsumerRecord<String, byte[]> record, byte[] value) {
    try {
      return codec.decode(value);
    } catch (JsonSyntaxException broken) {
      throw new JsonSyntaxException(
          "the record " + record.key() + " of " + topic + ": " + broken.getMessage());
    }
  }
}
