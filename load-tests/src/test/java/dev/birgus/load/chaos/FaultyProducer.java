package dev.birgus.load.chaos;

import dev.birgus.infra.bus.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends again what others have sent, in another order. */
final class FaultyProducer {

  private static final List<String> TOPICS =
      List.of(
          "builds",
          "results",
          "stages",
          "lines",
          "control",
          "events",
          "work.default",
          "pushes.all");

  /** Jobs: whoever has a copy of one may have it long after the build has ended. */
  private static final Set<String> QUEUES = Set.of("work.default", "pushes.all");

  private static final Set<String> ENDS =
      Set.of(".build-succeeded.", ".build-failed.", ".build-cancelled.");

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int LOOKED_AT = 60;
  private static final int SENT = 12;

  private final KafkaSettings kafka;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  FaultyProducer(KafkaSettings kafka) {
    this.kafka = kafka;
  }

  /** Jobs of this build may be repeated. */
  void mayRepeat(String build) {
    known.add(build);
  }

  /** Repeats the last records of some topics, mixed; what was repeated, if the broker was there. */
  Optional<String> repeat(Random random) throws InterruptedException {
    var topics = new ArrayList<>(TOPICS);
    Collections.shuffle(topics, random);
    var chosen = topics.subList(0, 1 + random.nextInt(topics.size()));
    try {
      var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
      for (var topic : chosen) {
        var last = last(kafka.prefix() + topic);
        Collections.shuffle(last, random);
        records.addAll(last.subList(0, Math.min(SENT, last.size())));
      }
      Collections.shuffle(records, random);
      send(records);
      return Optional.of(records.size() + " of " + String.join(", ", chosen));
    } catch (KafkaException | ExecutionException | TimeoutException outOfReach) {
      return Optional.empty();
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> last(String topic) {
    var settings = new HashMap<String, Object>(kafka.client());
    settings.put("isolation.level", "read_committed");
    settings.put("default.api.timeout.ms", (int) LIMIT.toMillis());
    var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(each -> new TopicPartition(each.topic(), each.partition()))
              .toList();
      var ends = consumer.endOffsets(partitions);
      consumer.assign(partitions);
      ends.forEach((each, end) -> consumer.seek(each, Math.max(0, end - LOOKED_AT)));
      var until = System.nanoTime() + LIMIT.toNanos();
      while (!isRead(consumer, ends) && System.nanoTime() < until) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(each -> {
              if (mayRepeat(topic.substring(kafka.prefix().length()), each)) {
                found.add(each);
              }
            });
      }
    }
    return found;
  }

  private static boolean isRead(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(each -> consumer.position(each.getKey()) >= each.getValue());
  }

  /** An end that comes twice here would be counted as one of birgus. */
  private boolean mayRepeat(String topic, ConsumerRecord<byte[], byte[]> each) {
    var type = header(each, "ce_type");
    return QUEUES.contains(topic)
        ? known.contains(header(each, "ce_subject"))
        : !topic.equals("events") || ENDS.stream().noneMatch(type::contains);
  }

  private static String header(ConsumerRecord<byte[], byte[]> received, String name) {
    var header = received.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private void send(List<ConsumerRecord<byte[], byte[]>> records)
      throws InterruptedException, ExecutionException, TimeoutException {
    var settings = new HashMap<String, Object>(kafka.client());
    settings.put("delivery.timeout.ms", (int) LIMIT.toMillis());
    settings.put("request.timeout.ms", (int) LIMIT.toMillis() / 2);
    settings.put("max.block.ms", LIMIT.toMillis());
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (var each : records) {
        producer
            .send(
                new ProducerRecord<>(
                    each.topic(), each.partition(), each.key(), each.value(), each.headers()))
            .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }
}
